package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentFileTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void everyFormOfALineIsRead() throws Exception {
    Path file =
        write(
            """
            # a comment

            PLAIN=a b=c # no comment
              export EXPORTED=1
            SINGLE='a "b" $C \\'
            DOUBLE="a 'b' \\"c\\" \\\\ \\$D \\n"
            EMPTY=
            spring.datasource.url=jdbc:x
            PLAIN=the last counts
            """);

    assertEquals(
        Map.of(
            "PLAIN",
            "the last counts",
            "EXPORTED",
            "1",
            "SINGLE",
            "a \"b\" $C \\",
            "DOUBLE",
            "a 'b' \"c\" \\ $D \\n",
            "EMPTY",
            "",
            "spring.datasource.url",
            "jdbc:x"),
        EnvironmentFile.read(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"secret", "1SECRET=x", "SECRET =x", "SECRET='x", "SECRET=\"x\" y", "SECRET=a\0b"})
  void badLineIsNamedByItsNumberAndNotByItsContent(String line) throws IOException {
    Path file = write("GOOD=1\n" + line + "\n");

    String problem = problem(file);

    assertTrue(problem.startsWith(file + ":2 "), problem);
    assertFalse(problem.contains("secret") || problem.contains("SECRET"), problem);
  }

  @Test
  void unreadableFileIsSaidToBeSo() throws IOException {
    assertEquals(
        "cannot read the environment file /no/such: no such file; check its path",
        problem(Path.of("/no/such")));
    assertTrue(problem(Files.write(folder.resolve("x"), new byte[] {-1})).contains("not UTF-8"));
  }

  private static String problem(Path file) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> EnvironmentFile.read(file)).getMessage());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("env"), text);
  }
}
