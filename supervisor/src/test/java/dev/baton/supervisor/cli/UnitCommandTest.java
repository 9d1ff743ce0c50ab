package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The unit of a file, and what systemd thinks of it. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class UnitCommandTest {
  @TempDir private Path folder = Path.of("");

  private final StringWriter err = new StringWriter();

  @Test
  void unitRunsTheFileAndReloadsByTheNameInIt() throws Exception {
    Path file = write("name = \"shop\"", "[service.web]", "command = [\"java\"]");

    List<String> lines = unit("front", "-f", file.toString());

    String launcher = Path.of("../baton").toRealPath().toString();
    assertTrue(lines.contains("ExecStart=" + launcher + " run -f " + file), lines.toString());
    assertTrue(lines.contains("ExecReload=" + launcher + " reload -s shop"), lines.toString());
    assertTrue(lines.contains("Environment=JAVA_HOME=" + System.getProperty("java.home")));
    assertTrue(lines.get(0).startsWith("# /etc/systemd/system/front.service"), lines.get(0));
    assertEquals("", err.toString());
  }

  @Test
  void stopMayTakeAsLongAsTheLongestChainOfServices() throws Exception {
    Path file =
        write(
            "name = \"shop\"",
            "[service.db]",
            "command = [\"java\"]",
            "stop.timeout = \"5m\"",
            "[service.web]",
            "command = [\"java\"]",
            "after = [\"db\"]",
            "drain.linger = \"2m\"",
            "[service.jobs]",
            "command = [\"java\"]");

    // 30 s + 5 min, 2 min + 10 s, a second each for what is rounded, and some more.
    assertTrue(unit("-f", file.toString()).contains("TimeoutStopSec=482"));
  }

  @Test
  void workersSurviveTheirSupervisorByTheseSettings() throws Exception {
    List<String> lines = unit("-f", write("[service.web]", "command = [\"java\"]").toString());

    for (String line :
        List.of(
            "Type=notify",
            "NotifyAccess=main",
            "KillMode=process",
            "Restart=always",
            "OOMPolicy=continue",
            "FileDescriptorStoreMax=512",
            "RuntimeDirectory=baton",
            "RuntimeDirectoryPreserve=yes",
            "StateDirectory=baton")) {
      assertTrue(lines.contains(line), line);
    }
    for (String key : List.of("PrivateTmp=", "MemoryDenyWriteExecute=", "User=", "Ambient")) {
      assertFalse(lines.stream().anyMatch(line -> line.startsWith(key)), key);
    }
  }

  @Test
  void otherUserHasDirectoriesOfItsOwnAndNoRights() throws Exception {
    Path file = write("name = \"shop\"", "[service.web]", "command = [\"java\"]");

    List<String> lines = unit("-f", file.toString(), "--user", "nobody");

    assertTrue(lines.contains("User=nobody"));
    assertTrue(lines.contains("RuntimeDirectory=baton-shop"));
    assertTrue(
        lines.contains(
            "Environment=BATON_RUNTIME_DIR=%t/baton-shop BATON_STATE_DIR=%S/baton-shop"));
    assertTrue(lines.contains("CapabilityBoundingSet="));
  }

  @Test
  void otherUserMayBindLowPortsIfTheFileHasOne() throws Exception {
    Path file = write("[service.web]", "command = [\"java\"]", "listen = [\"443\"]");

    List<String> lines = unit("-f", file.toString(), "--user", "nobody");

    assertTrue(lines.contains("AmbientCapabilities=CAP_NET_BIND_SERVICE"));
    assertTrue(lines.contains("CapabilityBoundingSet=CAP_NET_BIND_SERVICE"));
  }

  @Test
  void fileNeedNotBeThereWhenTheNameIs() throws Exception {
    List<String> lines = unit("no-such-shop");

    assertTrue(
        lines.stream().anyMatch(line -> line.endsWith(" -f /etc/baton/no-such-shop/baton.toml")));
    assertEquals(
        "baton: warning: there is no /etc/baton/no-such-shop/baton.toml yet; times and ports are"
            + " the defaults\n",
        err.toString());
  }

  @Test
  void systemdFindsNothingWrong() throws Exception {
    assumeTrue(isThere("systemd-analyze"), "no systemd-analyze here");
    Path file = write("[service.web]", "command = [\"java\"]", "listen = [\"443\"]");

    for (String user : List.of("", "daemon")) {
      Path unit = folder.resolve("shop.service");
      Files.write(unit, unit("-f", file.toString(), "--user", user));
      Process verify =
          new ProcessBuilder("systemd-analyze", "verify", "--man=no", unit.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertEquals("0 ", verify.waitFor() + " " + said);
    }
  }

  @Test
  void pathsOfAllKindsAreWhatTheyWere() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("100% of $HOME, \"quoted\""));
    Path file = Files.writeString(odd.resolve("baton.toml"), "[service.web]\ncommand=[\"java\"]");

    List<String> lines = unit("-f", file.toString());

    String escaped = file.toString().replace("%", "%%").replace("$", "$$").replace("\"", "\\\"");
    assertTrue(
        lines.stream().anyMatch(line -> line.endsWith(" run -f \"" + escaped + '"')),
        lines.toString());
  }

  private Path write(String... lines) throws IOException {
    return Files.write(folder.resolve("baton.toml"), List.of(lines));
  }

  private List<String> unit(String... arguments) {
    StringWriter out = new StringWriter();
    List<String> all = new ArrayList<>(List.of("unit"));
    all.addAll(List.of(arguments));
    int exit =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    assertEquals(0, exit, err.toString());
    return out.toString().lines().toList();
  }

  private static boolean isThere(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
