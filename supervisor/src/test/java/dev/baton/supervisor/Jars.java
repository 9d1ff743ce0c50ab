package dev.baton.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** Makes jars from source, for tests that run them. */
public final class Jars {
  private final Path work;

  /**
   * @param work where what is compiled lies meanwhile
   */
  public Jars(Path work) {
    this.work = work;
  }

  /**
   * Compiles the sources, each named by its class, and packs their classes.
   *
   * @param manifest attributes of the manifest
   */
  public Path make(Path jar, Map<String, String> manifest, Map<String, String> sources)
      throws IOException {
    Path classes = compile(sources);
    Manifest described = new Manifest();
    described.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach((key, value) -> described.getMainAttributes().putValue(key, value));
    Files.createDirectories(jar.resolveSibling(""));
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, described)) {
      for (Path one : filesIn(classes)) {
        out.putNextEntry(new ZipEntry(classes.relativize(one).toString()));
        Files.copy(one, out);
      }
    }
    return jar;
  }

  /** Compiles the sources, each named by its class, into a directory of their own. */
  public Path compile(Map<String, String> sources) throws IOException {
    Path folder = Files.createTempDirectory(work, "classes");
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = Files.createTempDirectory(work, "source").resolve(source.getKey() + ".java");
      Files.writeString(file, source.getValue());
      int failed =
          Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests need a JDK")
              .run(
                  null,
                  null,
                  null,
                  List.of("-d", folder.toString(), "-cp", folder.toString(), file.toString())
                      .toArray(String[]::new));
      if (failed != 0) {
        throw new IOException("cannot compile " + source.getKey());
      }
    }
    return folder;
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** The {@code java} these tests run on. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
