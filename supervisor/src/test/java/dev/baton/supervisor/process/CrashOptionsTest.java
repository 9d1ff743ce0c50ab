package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CrashOptionsTest {
  private static final Path FOLDER = Path.of("/state/web/crashes");
  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";
  private static final String FILE = "-XX:ErrorFile=/state/web/crashes/hs_err_pid%p.log";

  @Test
  void comeBehindThoseOfTheLaunch() {
    assertEquals(List.of("-Xmx1g", EXIT, FILE), options(command().jvmOptions("-Xmx1g")));
  }

  @Test
  void errorFileNeedsAFolder() {
    assertEquals(List.of(EXIT), CrashOptions.addTo(command().build(), Map.of(), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:-ExitOnOutOfMemoryError",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:+CrashOnOutOfMemoryError",
        "-XX:OnOutOfMemoryError=/bin/restart me"
      })
  void serviceHasTheLastWordOnMemory(String said) {
    assertEquals(List.of(FILE), options(new LaunchBuilder("java", said, "-jar", "a.jar")));
    assertEquals(List.of(said, FILE), options(command().jvmOptions(said)));
    assertEquals(
        List.of(FILE),
        CrashOptions.addTo(
            command().build(), Map.of("JAVA_TOOL_OPTIONS", "-Da=b " + said), FOLDER));
    assertEquals(
        List.of(FILE),
        CrashOptions.addTo(command().build(), Map.of("CATALINA_OPTS", said), FOLDER));
  }

  @Test
  void serviceHasTheLastWordOnItsFiles() {
    String[] own = {
      "-XX:ErrorFile=/tmp/mine", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=/tmp"
    };

    assertEquals(List.of(own[0], own[1], own[2], EXIT), options(command().jvmOptions(own)));
  }

  @Test
  void heapDumpsComeOnlyWhenTheyAreAskedFor() {
    String asked = "-XX:+HeapDumpOnOutOfMemoryError";

    assertEquals(
        List.of(asked, EXIT, FILE, "-XX:HeapDumpPath=/state/web/crashes"),
        options(command().jvmOptions(asked)));
  }

  @Test
  void percentOfAPathStandsForItself() {
    assertEquals(
        List.of(EXIT, "-XX:ErrorFile=/100%%/hs_err_pid%p.log"),
        CrashOptions.addTo(command().build(), Map.of(), Path.of("/100%")));
  }

  private static LaunchBuilder command() {
    return new LaunchBuilder("java", "-jar", "a.jar");
  }

  private static List<String> options(LaunchBuilder launch) {
    return CrashOptions.addTo(launch.build(), Map.of(), FOLDER);
  }
}
