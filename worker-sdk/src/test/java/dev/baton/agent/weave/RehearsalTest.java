package dev.baton.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of the JDK that runs the tests: each compiles its classes in its own way. */
@Timeout(60)
final class RehearsalTest {
  @TempDir Path folder = Path.of("");

  @Test
  void weavingLoadsNoClassAfterIt() throws Exception {
    for (int i = 0; i < Hooks.BIND_CLASSES.size(); i++) {
      Files.write(folder.resolve("" + i), JdkClass.bytes(Hooks.BIND_CLASSES.get(i)));
    }

    List<String> lines = weaveAfterRehearsal();

    int begin = lines.indexOf(WeaveAfterRehearsal.BEGIN);
    int end = lines.indexOf(WeaveAfterRehearsal.END);
    assertTrue(begin >= 0 && end > begin, String.join("\n", lines));
    assertEquals(List.of(), lines.subList(begin + 1, end));
  }

  private List<String> weaveAfterRehearsal() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                WeaveAfterRehearsal.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }
}
