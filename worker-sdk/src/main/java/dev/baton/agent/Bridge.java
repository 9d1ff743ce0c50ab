package dev.baton.agent;

import java.util.function.Function;

/**
 * Where the hooked classes of {@code java.base} find us. They cannot name a class of ours at link
 * time; they look this one up in the system class loader and speak to it through a type of the JDK.
 * So does {@code dev.baton.worker}, of which the application may load a copy of its own.
 */
public final class Bridge {
  /**
   * Takes the name of the event and its arguments; what it returns depends on the event. It throws
   * only what the hooked method may throw.
   */
  public static final Function<Object[], Object> HOOK =
      new Function<>() { // a class, not a lambda: a starting worker would have to make one
        @Override
        public Object apply(Object[] call) {
          return BindHooks.on(call);
        }
      };

  private Bridge() {}
}
