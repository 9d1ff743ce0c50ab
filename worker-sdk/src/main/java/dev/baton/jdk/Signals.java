package dev.baton.jdk;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * {@code sun.misc.Signal}, the JDK's only door to signals. By reflection, because the compiler
 * warns of every mention of it and offers no way to say that it is meant.
 */
public final class Signals {
  private Signals() {}

  /** Sends a signal to this process. {@code QUIT} makes the JVM print its thread dump. */
  public static void raise(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    signal.getMethod("raise", signal).invoke(null, signal(signal, name));
  }

  /** From now on runs the action, on a thread of the JDK's, instead of what the signal does. */
  public static void handle(String name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    InvocationHandler calls =
        (proxy, method, arguments) -> {
          if (method.getName().equals("handle")) {
            action.run();
            return null;
          }
          return method.invoke(action, arguments); // equals, hashCode, toString
        };
    Object proxy =
        Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
    signal.getMethod("handle", signal, handler).invoke(null, signal(signal, name), proxy);
  }

  private static Object signal(Class<?> signal, String name) throws ReflectiveOperationException {
    return signal.getConstructor(String.class).newInstance(name);
  }
}
