package dev.baton.agent.weave;

import java.io.IOException;
import java.io.InputStream;

/** Classes as the JDK under test has them. */
final class JdkClass {
  private JdkClass() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Object.class.getModule().getResourceAsStream(name + ".class")) {
      return in.readAllBytes();
    }
  }
}
