package dev.baton.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of the JDK that runs the tests: each compiles its classes in its own way. */
@Timeout(60)
final class RehearsalTest {
  @Test
  void weavingLoadsNoClassAfterIt() throws Exception {
    List<String> lines = run("-Xlog:class+load:stdout", WeaveAfterRehearsal.class.getName());

    int begin = lines.indexOf(WeaveAfterRehearsal.BEGIN);
    int end = lines.indexOf(WeaveAfterRehearsal.END);
    assertTrue(begin >= 0 && end > begin, String.join("\n", lines));
    assertEquals(List.of(), lines.subList(begin + 1, end));
  }

  private static List<String> run(String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }
}
