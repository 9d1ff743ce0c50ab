package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong at a start: one clear line, an exit code, nothing left behind. */
final class ClearErrorsIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void takenPortThatWasAskedFor() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("::"))) {
      Command run = run("--listen", Integer.toString(taken.getLocalPort()));

      assertFails(run, "another process has it");
    }
  }

  @Test
  void takenPortThatTheApplicationBinds() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> command = new ArrayList<>(List.of("run", "--"));
      command.addAll(Servers.command("NioServer", "127.0.0.1:" + taken.getLocalPort()));

      Command run = machine.baton(command.toArray(String[]::new));

      assertFails(run, "did not start");
      assertTrue(run.err().contains("another process has it"), run.err());
      assertTrue(run.err().contains("BindException"), run.err());
    }
  }

  @Test
  void freshCheckoutThatCannotBeBuilt() throws Exception {
    Path checkout = Files.createDirectories(machine.folder().resolve("checkout"));
    Path launcher = Files.copy(Path.of(Machine.launcher()), checkout.resolve("baton"));
    Path maven = Files.writeString(checkout.resolve("mvn"), "#!/bin/sh\nexit 1\n");
    assertTrue(launcher.toFile().setExecutable(true) && maven.toFile().setExecutable(true));
    String path = checkout + ":" + System.getenv("PATH");

    Command status =
        Command.run(
            machine.folder(),
            java.util.Map.of("PATH", path, "JAVA_HOME", System.getProperty("java.home")),
            List.of(launcher.toString(), "status"));

    assertEquals(1, status.exit(), status.err());
    assertTrue(status.err().contains("baton: building, once"), status.err());
    assertTrue(status.err().contains("baton: the build failed, see above"), status.err());
  }

  @Test
  void noJava() throws Exception {
    Command run = machine.baton("run", "--", "no-such-java", "-jar", "app.jar");

    assertEquals(2, run.exit());
    assertTrue(run.err().contains("cannot run 'no-such-java'"), run.err());
  }

  @Test
  void unreadableJar() throws Exception {
    Command run = machine.baton("run", "--", Machine.java(), "-jar", "/nowhere/app.jar");

    assertEquals(2, run.exit());
    assertTrue(run.err().contains("cannot read the jar /nowhere/app.jar"), run.err());
  }

  @Test
  void pathTooLong() throws Exception {
    String path = "/tmp/" + "long".repeat(30) + ".sock";

    Command run = run("--listen", "unix:" + path);

    assertFails(run, "the kernel allows 107");
  }

  @Test
  void fileInTheWayOfAUnixSocket() throws Exception {
    Path file = machine.folder().resolve("precious");
    Files.writeString(file, "data");

    Command run = run("--listen", "unix:" + file);

    assertFails(run, "is no socket");
    assertEquals("data", Files.readString(file));
  }

  @Test
  void noPermission() throws Exception {
    Assumptions.assumeTrue(Machine.isRoot(), "only root can give up its permissions for a test");
    Path readable = Path.of("/proc/self/fd");
    List<String> command = new ArrayList<>(List.of("env"));
    machine.environment().forEach((key, value) -> command.add(key + "=" + value));
    command.addAll(
        List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "sh",
            Machine.launcher(),
            "run",
            "--",
            Machine.java(),
            "-version"));

    Command run = Command.run(machine.folder(), java.util.Map.of(), command);

    assertTrue(Files.exists(readable));
    assertTrue(run.exit() != 0);
    assertTrue(run.err().contains("BATON_RUNTIME_DIR"), run.err());
  }

  @Test
  void applicationThatDiesAtItsFirstStart() throws Exception {
    Application application = Application.of(machine, 1);
    application.nextVersion("exit 7");
    List<String> command = new ArrayList<>(List.of("run", "--"));
    command.addAll(application.command());

    Command run = machine.baton(command.toArray(String[]::new));

    assertFails(run, "exited with status 7 before it served");
    assertTrue(run.err().contains("cannot find the database"), run.err());
  }

  private Command run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(options));
    command.addAll(List.of("--", Machine.java(), "-version"));
    return machine.baton(command.toArray(String[]::new));
  }

  private static void assertFails(Command run, String why) {
    assertEquals(1, run.exit(), run.err());
    String last = run.err().lines().reduce("", (a, b) -> b);
    assertTrue(run.err().contains(why), run.err());
    assertTrue(last.startsWith("baton: "), run.err());
  }
}
