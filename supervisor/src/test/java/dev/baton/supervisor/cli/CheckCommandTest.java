package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of a file, from the disk to the exit code. */
final class CheckCommandTest {
  @TempDir private Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void goodFileIsOneLine() throws Exception {
    Path file = write("[service.web]\ncommand = \"java\"\nlisten = [\"8080\", \"udp:53\"]");

    int exit = check(file);

    assertEquals(0, exit);
    assertEquals(file + ": OK, 1 service, 2 listeners\n", out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void everyProblemIsALineThatBeginsWithTheFile() throws Exception {
    Path file = write("[service.web]\ncomand = \"java\"\nworkers = 0");

    int exit = check(file);

    assertEquals(2, exit);
    assertEquals("", out.toString());
    assertEquals(
        file
            + ":2:1: service.web.comand: unknown key 'comand'; did you mean 'command'?\n"
            + file
            + ":3:1: service.web.workers: 0 is out of range; write 1 to 100\n",
        err.toString());
  }

  @Test
  void checkLeavesNothingBehind() throws Exception {
    check(write("[service.web]\ncommand = \"java\"\nlisten = [\"unix:" + directory + "/x\"]"));

    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void fileThatCannotBeReadIsAProblem() throws Exception {
    Path binary = directory.resolve("binary");
    Files.write(binary, new byte[] {(byte) 0xC0, 0x20});

    assertProblem("there is no such file; name another one with -f FILE", directory.resolve("x"));
    assertProblem("cannot be read: Is a directory", directory);
    assertProblem("is not UTF-8; save it in that encoding", binary);
    assertProblem("is longer than 131072 characters; split it", Path.of("/dev/zero"));
  }

  @Test
  void supervisorIsCalledAfterTheDirectory() throws Exception {
    Path shop = Files.createDirectory(directory.resolve("my.shop"));
    Path file = shop.resolve("baton.toml");
    String text = "\uFEFF[service.web]\ncommand = \"java\"\ndirectory = \"${WHERE}\"";
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));

    Config config = ConfigFile.read(file, ImmutableMap.of("WHERE", "app"));

    assertEquals("my-shop", config.name());
    assertEquals(
        ImmutableMap.of("web", shop + "/app"),
        ImmutableMap.copyOf(
            Maps.transformValues(config.services(), one -> one.launch().directory())));
  }

  private void assertProblem(String problem, Path file) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigFile.read(file, ImmutableMap.of()));

    assertEquals(file + ": " + problem, e.getMessage());
  }

  private int check(Path file) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute("check", "-f", file.toString());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("baton.toml"), text);
  }
}
