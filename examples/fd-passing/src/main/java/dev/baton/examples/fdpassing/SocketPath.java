package dev.baton.examples.fdpassing;

import java.io.File;
import java.net.SocketException;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The path both programs meet at. */
record SocketPath(Path path, AFUNIXSocketAddress address) {
  /** {@code sizeof(sockaddr_un.sun_path)} on Linux, without the closing zero byte. */
  static final int MOST_BYTES = 107;

  static SocketPath of(String text) throws Failure {
    int bytes = text.getBytes(Charset.defaultCharset()).length;
    if (bytes > MOST_BYTES) {
      throw new Failure(
          ("the path %s has %d bytes, and the kernel takes at most %d for a socket:"
                  + " choose a shorter one, or a relative one")
              .formatted(text, bytes, MOST_BYTES));
    }
    try {
      // Not through Path: that one makes a relative path absolute, and maybe too long.
      return new SocketPath(Path.of(text), AFUNIXSocketAddress.of(new File(text)));
    } catch (InvalidPathException | SocketException e) {
      throw new Failure(
          "%s is no path for a socket (%s): choose another".formatted(text, Failure.reason(e)));
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
