package dev.baton.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Calls a method the way the JVM itself does. From 18 on, {@link Method#invoke} makes up to a dozen
 * classes for each new shape of method it is given, which takes a starting worker longer than all
 * that it calls; what is below it, the fallback for a JVM that is not ready for that, makes none.
 */
final class NativeCalls {
  private static final int FIRST_THAT_MAKES_CLASSES = 18;

  private static final @Nullable MethodHandle INVOKE = find();

  private NativeCalls() {}

  /** Null on 17, which needs none; and where it is not open to us, as in a supervisor. */
  static @Nullable MethodHandle find() {
    if (Runtime.version().feature() < FIRST_THAT_MAKES_CLASSES) {
      return null;
    }
    try {
      Class<?> type =
          Internals.type("jdk.internal.reflect.DirectMethodHandleAccessor$NativeAccessor");
      Method invoke = Internals.method(type, "invoke0", Method.class, Object.class, Object[].class);
      return MethodHandles.lookup().unreflect(invoke);
    } catch (IllegalAccessException | RuntimeException e) {
      return null;
    }
  }

  /** As {@link Method#invoke} of a static method that is accessible, and takes these arguments. */
  static @Nullable Object call(Method method, @Nullable Object... arguments)
      throws InvocationTargetException, IllegalAccessException {
    if (INVOKE == null) {
      return method.invoke(null, arguments);
    }
    try {
      return (Object) INVOKE.invokeExact(method, (Object) null, arguments);
    } catch (InvocationTargetException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // it declares none
    }
  }
}
