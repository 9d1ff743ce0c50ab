package dev.baton.channel;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Gives children descriptors that are open already: the JDK itself can only open a path for them.
 */
public final class Redirects {
  private Redirects() {}

  /**
   * For the stdin, stdout or stderr of a child, which gets the very same description. The
   * descriptor stays the caller's: starting a child does not close it, and it must be open until
   * then.
   *
   * <p>Not for two of them: the JDK closes its number in the child after the first. For stdout and
   * stderr there is {@link ProcessBuilder#redirectErrorStream(boolean)}.
   */
  public static Redirect of(FileDescriptor descriptor) throws IOException {
    return FileDescriptorCast.using(descriptor).as(Redirect.class);
  }
}
