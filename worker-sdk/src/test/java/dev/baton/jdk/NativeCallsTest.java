package dev.baton.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** On every JDK this is built with: as reflection does it, with and without reflection. */
final class NativeCallsTest {
  private static final Method DUPLICATE =
      Internals.method(Internals.type("sun.nio.ch.InheritedChannel"), "dup", int.class);
  private static final Method MAX = Internals.method(Math.class, "max", long.class, long.class);

  @Test
  void jdksWhoseReflectionMakesClassesLetUsCallWithout() {
    assertEquals(Runtime.version().feature() >= 18, NativeCalls.find() != null);
  }

  @Test
  void argumentsAreWidened() throws Exception {
    assertEquals(7L, NativeCalls.call(MAX, 7, 3L));
  }

  @Test
  void wrongArgumentsAreNotTaken() {
    assertThrows(IllegalArgumentException.class, () -> NativeCalls.call(MAX, 7L));
    assertThrows(IllegalArgumentException.class, () -> NativeCalls.call(MAX, 7L, "3"));
  }

  @Test
  void whatTheMethodThrowsComesOut() {
    IOException thrown = assertThrows(IOException.class, () -> Internals.call(DUPLICATE, -1));

    assertEquals("Bad file descriptor", thrown.getMessage());
  }
}
