package dev.baton.agent.weave;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A JVM in which {@link RehearsalTest} watches which classes are loaded. */
final class WeaveAfterRehearsal {
  static final String BEGIN = "weaving begins";
  static final String END = "weaving ends";

  private WeaveAfterRehearsal() {}

  /** Takes the folder of the classes, which are numbered. */
  public static void main(String[] args) throws IOException {
    List<byte[]> classes = new ArrayList<>();
    for (int i = 0; i < Hooks.BIND_CLASSES.size(); i++) {
      // Not from the image, whose reader needs much of what weaving may need.
      try (InputStream in = new FileInputStream(args[0] + "/" + i)) {
        classes.add(in.readAllBytes());
      }
    }
    Rehearsal.run();
    System.out.println(BEGIN);
    for (int i = 0; i < classes.size(); i++) {
      var unused = Hooks.weave(Hooks.BIND_CLASSES.get(i), classes.get(i));
    }
    System.out.println(END);
  }
}
