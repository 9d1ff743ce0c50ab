package dev.baton.agent;

import java.io.IOException;

/** Carries an {@link IOException} through {@link java.util.function.Function}. */
final class Thrown {
  private Thrown() {}

  static RuntimeException unchecked(IOException e) {
    throw Thrown.<RuntimeException>as(e);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E as(IOException e) throws E {
    throw (E) e;
  }
}
