package dev.baton.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Somebody else's agent, which has loaded what binds sockets before ours runs. */
public final class EarlyAgent {
  static final String SAYS = "early agent: all loaded";

  private EarlyAgent() {}

  /** Takes the names of classes, separated by commas. */
  public static void premain(String names) throws ClassNotFoundException {
    for (String name : names.split(",", -1)) {
      var unused = Class.forName(name, false, null);
    }
    System.out.println(SAYS);
  }

  /** Writes its jar. */
  static Path jar(Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", EarlyAgent.class.getName());
    String entry = EarlyAgent.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.putNextEntry(new JarEntry(entry));
      jar.write(Files.readAllBytes(Path.of(Application.classes(), entry)));
      jar.closeEntry();
    }
    return file;
  }
}
