package dev.baton.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar of a {@link Versioned} server, overwritten in place by one version after the other. */
final class VersionedJar {
  private static final List<String> CLASSES = List.of("Versioned", "Versioned$Late");

  private final Path file;
  private final Path awaited;
  private final int port;

  VersionedJar(Machine machine) throws IOException {
    this.file = machine.folder().resolve("shop.jar");
    this.awaited = machine.folder().resolve("awaited");
    this.port = Machine.freePort();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  List<String> command() {
    return List.of(
        Machine.java(),
        "-Xmx64m",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        file.toString(),
        Integer.toString(port),
        awaited.toString());
  }

  /** The same file gets other bytes, as {@code cp} would do it. */
  void overwriteWith(String version) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Versioned.class.getName());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      // Of a length of its own, so that nothing after it is where it was in another version.
      add(jar, "padding", noise(version.hashCode()));
      add(jar, "version.txt", version.getBytes(StandardCharsets.UTF_8));
      add(jar, "late.txt", ("late " + version).getBytes(StandardCharsets.UTF_8));
      for (String name : CLASSES) {
        String path = "dev/baton/endtoend/" + name + ".class";
        add(jar, path, Files.readAllBytes(Path.of(Application.classes(), path)));
      }
    }
    Files.write(file, bytes.toByteArray());
  }

  /** Has requests for {@code /late} answered. */
  void answerLate() throws IOException {
    Files.writeString(awaited, "");
  }

  /** Bytes that cannot be compressed; of every seed another number. */
  private static byte[] noise(int seed) {
    byte[] bytes = new byte[1000 + seed];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(content);
    jar.closeEntry();
  }
}
