package dev.baton.supervisor.resource;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The system refused something: a port, a path, a lock. The message says what to do about it. */
public final class ResourceException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String errno;

  public ResourceException(String errno, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.errno = errno;
  }

  /** The kernel's name for it, such as {@code EADDRINUSE}. */
  public String errno() {
    return errno;
  }
}
