package dev.baton.supervisor.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SuccessorCommandTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  @TempDir private Path folder = Path.of("");

  private List<String> ours(Path jar) {
    return List.of(
        "java",
        "-Xmx24m",
        "-Xbootclasspath/a:/opt/baton/lib/picocli.jar",
        "-XX:SharedArchiveFile=/opt/baton/archive.jsa",
        "-jar",
        jar.toString(),
        "run");
  }

  @Test
  void isOursOnTheSameJava() throws Exception {
    List<String> ours = ours(folder.resolve("one.jar"));

    List<String> next = SuccessorCommand.of(ours, "", "");

    assertEquals(JAVA, next.get(0));
    assertEquals(ours.subList(1, ours.size()), next.subList(1, next.size()));
  }

  @Test
  void anotherJarHasLibrariesAndArchivesOfItsOwn() throws Exception {
    Path other = Files.createFile(folder.resolve("two.jar"));

    List<String> next = SuccessorCommand.of(ours(folder.resolve("one.jar")), other.toString(), "");

    assertEquals(List.of(JAVA, "-Xmx24m", "-jar", other.toString(), "run"), next);
  }

  @Test
  void anotherJavaHasArchivesOfItsOwn() throws Exception {
    String home = System.getProperty("java.home");

    List<String> next = SuccessorCommand.of(ours(folder.resolve("one.jar")), "", home);

    assertTrue(next.contains("-Xbootclasspath/a:/opt/baton/lib/picocli.jar"));
    assertTrue(next.stream().noneMatch(word -> word.startsWith("-XX:SharedArchiveFile")));
  }

  @Test
  void missingJarIsNamed() {
    Path missing = folder.resolve("no.jar");

    IOException refusal =
        assertThrows(
            IOException.class,
            () -> SuccessorCommand.of(ours(folder.resolve("one.jar")), missing.toString(), ""));

    assertTrue(refusal.toString().contains(missing + " cannot be read"), refusal.toString());
  }
}
