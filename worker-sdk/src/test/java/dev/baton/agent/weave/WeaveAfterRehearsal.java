package dev.baton.agent.weave;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A JVM in which {@link RehearsalTest} watches which classes are loaded. */
final class WeaveAfterRehearsal {
  static final String BEGIN = "weaving begins";
  static final String END = "weaving ends";

  private WeaveAfterRehearsal() {}

  public static void main(String[] args) throws IOException {
    List<byte[]> classes = new ArrayList<>();
    for (String name : Hooks.BIND_CLASSES) {
      classes.add(bytes(name));
    }
    Rehearsal.run();
    System.out.println(BEGIN);
    for (int i = 0; i < classes.size(); i++) {
      var unused = Hooks.weave(Hooks.BIND_CLASSES.get(i), classes.get(i));
    }
    System.out.println(END);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = Object.class.getModule().getResourceAsStream(name + ".class")) {
      return in.readAllBytes();
    }
  }
}
