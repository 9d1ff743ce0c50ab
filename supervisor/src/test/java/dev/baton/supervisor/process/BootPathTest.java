package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootPathTest {
  @TempDir private Path folder = Path.of("");
  private Path agent = Path.of("");

  @BeforeEach
  void agentNamesTwoJars() throws IOException {
    agent = folder.resolve("agent.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "one.jar two.jar");
    new JarOutputStream(Files.newOutputStream(agent), manifest).close();
  }

  @Test
  void isWhatTheAgentNames() throws IOException {
    Path one = Files.createFile(folder.resolve("one.jar"));
    Path two = Files.createFile(folder.resolve("two.jar"));

    BootPath path = BootPath.of(agent);

    assertEquals(List.of("-Xbootclasspath/a:" + one + ":" + two), path.option());
    Files.writeString(two, "another version");
    assertNotEquals(path.identity(), BootPath.of(agent).identity());
  }

  @Test
  void partOfItIsNone() throws IOException {
    Files.createFile(folder.resolve("one.jar"));

    assertEquals(List.of(), BootPath.of(agent).option());
  }
}
