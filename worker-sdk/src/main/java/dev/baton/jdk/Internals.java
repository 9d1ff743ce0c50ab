package dev.baton.jdk;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reflection into {@code java.base}. What is looked up here exists with the same names and types on
 * 17 and 25; a test pins it.
 */
public final class Internals {
  private static final int FIRST_THAT_WARNS = 24;

  private Internals() {}

  /** Opens the packages we need to this module, so that no flag is needed on the command line. */
  public static void open(Instrumentation instrumentation) {
    Set<Module> us = Set.of(Internals.class.getModule());
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("sun.nio.ch", us, "java.io", us, "java.lang", us, "jdk.internal.reflect", us),
        Set.of(),
        Map.of());
  }

  /**
   * Allows code without a module to load a native library. From 24 on the JDK otherwise prints four
   * lines of warning into the application's log, and the command line is not ours to change.
   */
  public static void enableNativeAccess() {
    if (Runtime.version().feature() >= FIRST_THAT_WARNS) {
      try {
        call(method(Module.class, "implAddEnableNativeAccessToAllUnnamed"));
      } catch (IOException | IllegalStateException e) {
        // Then there is a warning.
      }
    }
  }

  static Class<?> type(String name) {
    try {
      // Not initialized before it is used: some of these cost milliseconds of a worker's start.
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      throw missing(name, e);
    }
  }

  static Method method(Class<?> type, String name, Class<?>... parameters) {
    try {
      Method method = type.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      throw missing(type.getName() + "." + name, e);
    }
  }

  static Constructor<?> constructor(Class<?> type, Class<?>... parameters) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw missing("constructor of " + type.getName(), e);
    }
  }

  /** Not a {@code Field}: from 18 on that makes classes for each it reads. */
  static VarHandle field(Class<?> type, String name) {
    try {
      MethodHandles.Lookup inside = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      return inside.unreflectVarHandle(type.getDeclaredField(name));
    } catch (NoSuchFieldException e) {
      throw missing(type.getName() + "." + name, e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(type.getName() + "." + name + " is not open to us", e);
    }
  }

  /** Calls a static method; an {@link IOException} of its comes out as one. */
  static @Nullable Object call(Method method, @Nullable Object... arguments) throws IOException {
    try {
      return NativeCalls.call(method, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(method + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IllegalStateException missing(String what, Exception cause) {
    String jdk = System.getProperty("java.vm.version");
    return new IllegalStateException("this JDK (" + jdk + ") has no " + what, cause);
  }
}
