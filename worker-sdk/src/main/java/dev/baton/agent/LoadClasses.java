package dev.baton.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads all classes of a list, as a JVM with an agent loads them, and runs none: for the
 * supervisor, to find out whether a class-data archive is sound. A JVM that an archive crashes ends
 * here, and not where it serves.
 */
public final class LoadClasses {
  private LoadClasses() {}

  /** Takes the path of the list; what cannot be loaded is none of its business. */
  public static void main(String[] args) throws IOException {
    ClassLoader application = ClassLoader.getSystemClassLoader();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      int end = line.indexOf(' ');
      String name = (end < 0 ? line : line.substring(0, end)).replace('/', '.');
      if (!name.isEmpty() && Character.isJavaIdentifierStart(name.charAt(0))) {
        load(name, application);
      }
    }
  }

  private static void load(String name, ClassLoader application) {
    try {
      var unused = Class.forName(name, false, application);
    } catch (ClassNotFoundException | LinkageError e) {
      // Of a class loader of the application's, or of what is not there any more.
    }
  }
}
