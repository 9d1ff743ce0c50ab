package dev.baton.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar of a {@link Coded} server: of every version the same size, the same time, other code. */
final class CodedJar {
  private static final List<String> CLASSES = List.of("Coded", "Coded$Code");
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

  private final Path file;
  private final int port;

  CodedJar(Machine machine) throws IOException {
    this.file = machine.folder().resolve("coded.jar");
    this.port = Machine.freePort();
  }

  int port() {
    return port;
  }

  List<String> command() {
    return List.of(
        Machine.java(),
        "-Xmx64m",
        "-jar",
        file.toString(),
        Integer.toString(port),
        file.resolveSibling("cannot-stand-archives").toString());
  }

  void letItFailWithArchives() throws IOException {
    Files.createFile(file.resolveSibling("cannot-stand-archives"));
  }

  void overwriteWith(int version) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Coded.class.getName());
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    manifest.write(first);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.setLevel(0);
      add(jar, JarFile.MANIFEST_NAME, first.toByteArray());
      for (String name : CLASSES) {
        String path = "dev/baton/endtoend/" + name + ".class";
        byte[] code = Files.readAllBytes(Path.of(Application.classes(), path));
        add(jar, path, ofVersion(version, code));
      }
    }
    Files.write(file, bytes.toByteArray());
    Files.setLastModifiedTime(file, TIME);
  }

  private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setLastModifiedTime(TIME);
    jar.putNextEntry(entry);
    jar.write(content);
    jar.closeEntry();
  }

  private static byte[] ofVersion(int version, byte[] code) {
    String text = new String(code, StandardCharsets.ISO_8859_1);
    return text.replace("code of version 0", "code of version " + version)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
