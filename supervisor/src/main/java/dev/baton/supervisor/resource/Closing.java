package dev.baton.supervisor.resource;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Closes many things, each whatever becomes of the others. */
final class Closing {
  private Closing() {}

  static void all(Iterable<? extends Closeable> all) throws IOException {
    IOException failure = null;
    for (Closeable one : all) {
      try {
        one.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Closes what there is after a failure, to which it adds those of closing. */
  static void after(Throwable failure, @Nullable Closeable... all) {
    for (Closeable one : all) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
