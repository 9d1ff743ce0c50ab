package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Launch;
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
    String warning = Launcher.warning(launch("java", option, "Main"), Map.of());

    assertTrue(warning.startsWith("debugger port 5005 is fixed"), warning);
  }

  @Test
  void fixedDebuggerPortIsFoundInTheEnvironment() {
    String option = "-agentlib:jdwp=transport=dt_socket,server=y,address=8000";

    assertTrue(Launcher.warning(launch("run.sh"), Map.of("JAVA_OPTS", option)).contains("8000"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-agentlib:jdwp=transport=dt_socket,server=y,address=0",
        "-agentlib:jdwp=transport=dt_socket,server=n,address=5005",
        "-jar"
      })
  void harmlessOptionsAreNot(String option) {
    assertEquals("", Launcher.warning(launch("java", option), Map.of()));
  }

  @Test
  void fixedDebuggerPortIsFoundAmongTheOptionsOfTheService() {
    Launch launch = new LaunchBuilder("run.sh").jvmOptions("-Xrunjdwp:server=y,address=9").build();

    assertTrue(Launcher.warning(launch, Map.of()).contains("9"));
  }

  @Test
  void workerDoesNotSpeakForTheService() throws Exception {
    Map<String, String> inherited =
        Map.of(
            "NOTIFY_SOCKET", "/run/systemd/notify",
            "WATCHDOG_USEC", "30000000",
            "WATCHDOG_PID", "1",
            "LISTEN_FDS", "2",
            "LISTEN_FDNAMES", "a:b",
            "LISTEN_PID", "1",
            "HOME", "/root");

    assertEquals(Map.of("HOME", "/root"), WorkerEnvironment.of(launch("java"), inherited, null));
  }

  private static Launch launch(String... command) {
    return new LaunchBuilder(command).build();
  }
}
