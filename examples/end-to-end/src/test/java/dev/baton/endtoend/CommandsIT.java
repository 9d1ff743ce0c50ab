package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator types, and the signals that stand for it. */
final class CommandsIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void ofTwoRestartsAtOnceOneRunsAndTheOtherIsToldSo() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    application.nextVersion("hang");
    Process first = new ProcessBuilder(commandLine("restart")).redirectErrorStream(true).start();
    supervisor.await("it has begun", "g2/0 starting");

    Command second = supervisor.restart();

    assertEquals(4, second.exit());
    assertTrue(second.err().contains("already running"), second.err());
    first.destroy(); // interrupted: the restart goes on, and can be followed in the status
    assertTrue(first.waitFor(10, TimeUnit.SECONDS));
    String status = machine.baton("status").out();
    assertTrue(status.contains("restarting"), status);
  }

  @Test
  void interruptedCommandLeavesTheRestartRunning() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));
    Process restart = new ProcessBuilder(commandLine("restart")).redirectErrorStream(true).start();
    supervisor.await("it has begun", "g2/0 starting");

    interrupt(restart.pid());

    supervisor.await("it is finished all the same", "succeeded: generation");
    assertTrue(restart.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, supervisor.restart().exit());
  }

  @Test
  void stopReleasesEverything() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));

    Command stop = supervisor.stop();

    assertEquals(0, stop.exit(), stop.err());
    assertEquals(0, supervisor.awaitExit());
    try (Socket socket = new Socket()) {
      boolean refused = false;
      try {
        socket.connect(application.address());
      } catch (java.net.ConnectException e) {
        refused = true;
      }
      assertTrue(refused, "nobody listens any more");
    }
  }

  @Test
  void signalsAreAliasesOfCommands() throws Exception {
    Application application = Application.of(machine, 1);
    Supervisor supervisor = machine.supervise(Servers.run(List.of(), application.command()));

    Command.signal(supervisor.process().pid(), "HUP");
    supervisor.await("SIGHUP restarts", "succeeded: generation 2 serves");
    Command.signal(supervisor.process().pid(), "INT");

    assertEquals(0, supervisor.awaitExit(), "SIGINT stops");
    assertTrue(supervisor.log().contains("drained"), supervisor.log());
  }

  @Test
  void secondInterruptDoesNotWaitForConnections() throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Machine.freePort());
    Supervisor supervisor =
        machine.supervise(
            Servers.run(
                List.of("--linger", "5m"),
                Servers.command("JdkHttpServer", "127.0.0.1:" + address.getPort())));
    supervisor.awaitServing();
    HalfRequest connected = HalfRequest.to(address, "hello from pid");
    try {
      Command.signal(supervisor.process().pid(), "INT");
      supervisor.await("it drains", "switched off");
      Command.signal(supervisor.process().pid(), "INT");

      assertEquals(0, supervisor.awaitExit());
      assertTrue(supervisor.log().contains("stopping: told to hurry"), supervisor.log());
    } finally {
      connected.close();
    }
  }

  @Test
  void statusShowsWorkersAndListeners() throws Exception {
    Application application = Application.of(machine, 2);
    Supervisor supervisor =
        machine.supervise(Servers.run(List.of("--name", "shop"), application.command()));
    supervisor.awaitServing();

    Command json = machine.baton("status", "--json");
    Command table = machine.baton("status", "shop");

    assertTrue(json.out().contains("\"name\": \"shop\""), json.out());
    assertTrue(json.out().contains("\"pid\": " + supervisor.lastPid("serving")), json.out());
    assertTrue(json.out().contains(":" + application.address().getPort() + "\""), json.out());
    assertTrue(table.out().contains("serving"), table.out());
  }

  @Test
  void noSupervisorIsExitThreeAndASentence() throws Exception {
    Command any = machine.baton("status");
    Command named = machine.baton("restart", "nobody");

    assertEquals(3, any.exit());
    assertTrue(any.err().contains("no supervisor is running"), any.err());
    assertEquals(3, named.exit());
    assertTrue(named.err().contains("no supervisor named nobody"), named.err());
  }

  @Test
  void ambiguousCommandNamesTheChoices() throws Exception {
    Application one = Application.of(machine, 1);
    machine.supervise(Servers.run(List.of("--name", "one"), one.command()));
    Application two = Application.of(machine, 1);
    machine.supervise(Servers.run(List.of("--name", "two"), two.command()));

    Command restart = machine.baton("restart");

    assertEquals(3, restart.exit());
    assertTrue(restart.err().contains("one, two"), restart.err());
  }

  @Test
  void secondSupervisorOfTheSameNameIsRefused() throws Exception {
    Application application = Application.of(machine, 1);
    machine.supervise(Servers.run(List.of("--name", "web"), application.command()));

    Command again = machine.baton("run", "--name", "web", "--", Machine.java(), "-version");

    assertEquals(1, again.exit());
    assertTrue(again.err().contains("is running already"), again.err());
  }

  @Test
  void wrongUsageIsExitTwoAndTheLineThatHelps() throws Exception {
    assertEquals(
        "baton: 'eighty' is no address; write 8080, 127.0.0.1:8080, [::1]:8080, udp:5353"
            + " or unix:/run/app.sock",
        usage("run", "--listen", "eighty", "--", "java"));
    assertTrue(usage("restrat").contains("restrat"));
    assertTrue(usage("run").contains("COMMAND"));
    assertTrue(usage("run", "--linger", "soon", "--", "java").contains("is no duration"));
    assertTrue(usage("run", "--workers", "0", "--", "java").contains("must be 1 or more"));
  }

  @Test
  void helpAndVersionAreEverywhere() throws Exception {
    for (String command : List.of("run", "restart", "status", "stop")) {
      assertEquals(0, machine.baton(command, "--help").exit(), command);
      assertTrue(machine.baton(command, "--version").out().startsWith("baton "), command);
    }
    assertFalse(machine.baton("--help").out().contains("self-archive"));
  }

  private String usage(String... arguments) throws Exception {
    Command command = machine.baton(arguments);
    assertEquals(2, command.exit(), command.err());
    return command.err().lines().findFirst().orElse("");
  }

  /** With the machine's environment, so that the command can be interrupted. */
  private List<String> commandLine(String name) {
    List<String> command = new ArrayList<>(List.of("env"));
    machine.environment().forEach((key, value) -> command.add(key + "=" + value));
    command.addAll(List.of(Machine.launcher(), name));
    return command;
  }

  private static void interrupt(long pid) throws Exception {
    Command.signal(pid, "INT");
  }
}
