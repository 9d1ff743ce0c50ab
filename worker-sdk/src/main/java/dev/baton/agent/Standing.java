package dev.baton.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How this worker stands with its supervisor, for those in the application who want to know. They
 * may be of several class loaders: what they are told is made of types of the JDK.
 *
 * <pre>
 * on              clients come
 * drain, instant  none come any more, for good as far as anybody knows; the Long is the
 *                 {@link System#nanoTime} when the linger is over
 * </pre>
 */
final class Standing {
  // Mutable state, guarded by this
  private final List<Consumer<Object[]>> listeners = new ArrayList<>();
  private Object[] last = {};

  /** Has it told, first how things are. It returns at once; it is called under our lock. */
  synchronized void listen(Consumer<Object[]> listener) {
    listeners.add(listener);
    if (last.length > 0) {
      listener.accept(last);
    }
  }

  void switchedOn() {
    tell("on");
  }

  void drains(long lingerMillis) {
    tell("drain", System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lingerMillis));
  }

  private synchronized void tell(Object... event) {
    last = event;
    for (Consumer<Object[]> listener : listeners) {
      listener.accept(event);
    }
  }
}
