package dev.baton.jdk;

import java.io.IOException;
import java.lang.reflect.Method;

/**
 * Children this JVM has not started: it has inherited them. The JDK waits for its own only, and
 * offers no way to wait for others.
 */
public final class Zombies {
  private static final Method WAIT =
      Internals.method(
          Internals.type("java.lang.ProcessHandleImpl"),
          "waitForProcessExit0",
          long.class,
          boolean.class);

  private Zombies() {}

  /**
   * Takes the exit status of a child, so that the kernel can forget it. Waits if it has not ended.
   */
  public static int reap(long pid) throws IOException {
    return Internals.call(WAIT, pid, true) instanceof Integer status ? status : -1;
  }
}
