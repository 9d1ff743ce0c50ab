package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LauncherTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005",
        "-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005",
        "-Xrunjdwp:transport=dt_socket,server=y,address=localhost:5005"
      })
  void fixedDebuggerPortIsWarnedOf(String option) {
    String warning = Launcher.warning(List.of("java", option, "Main"), Map.of());

    assertTrue(warning.startsWith("debugger port 5005 is fixed"), warning);
  }

  @Test
  void fixedDebuggerPortIsFoundInTheEnvironment() {
    String option = "-agentlib:jdwp=transport=dt_socket,server=y,address=8000";

    assertTrue(Launcher.warning(List.of("run.sh"), Map.of("JAVA_OPTS", option)).contains("8000"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-agentlib:jdwp=transport=dt_socket,server=y,address=0",
        "-agentlib:jdwp=transport=dt_socket,server=n,address=5005",
        "-jar"
      })
  void harmlessOptionsAreNot(String option) {
    assertEquals("", Launcher.warning(List.of("java", option), Map.of()));
  }
}
