package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker is warmed up where no client is; whatever ends that leaves no helper behind. */
final class WarmUpIT {
  private static final Pattern WARM =
      Pattern.compile("warmed up: (\\d+) requests, p99 [\\d.]+ms, now [\\d.]+ms");

  @RegisterExtension final Machine machine = new Machine();

  private Team team = new Team(machine);
  private int port;

  @BeforeEach
  void begin() throws Exception {
    team = new Team(machine); // only now it has a folder
    port = Machine.freePort();
  }

  private void configure(String... more) throws Exception {
    List<String> command = Servers.command("JdkHttpServer", "127.0.0.1:" + port);
    String service = Team.service("web", command, "restart.memory = \"ignore\"");
    team.configure(service + String.join("\n", more));
  }

  /** Its first worker serves without one; those that follow are warmed up. */
  private Supervisor run() throws Exception {
    configure();
    Supervisor supervisor = team.run();
    configure("ready.warm-up = { paths = [\"/\", \"/health\"], timeout = \"50s\" }");
    Command reload = machine.baton("reload");
    assertEquals(0, reload.exit(), reload.out() + reload.err());
    return supervisor;
  }

  private static List<ProcessHandle> helpers(Supervisor supervisor) {
    return supervisor
        .process()
        .descendants()
        .filter(one -> one.info().commandLine().orElse("").contains("WarmUpHelper"))
        .toList();
  }

  private static ProcessHandle helper(Supervisor supervisor) throws Exception {
    supervisor.await("a helper says how far it is", "warm-up: ");
    return helpers(supervisor).get(0);
  }

  private static void awaitEnd(ProcessHandle helper) throws Exception {
    Await.until("the helper is gone", () -> Supervisor.isDead(helper.pid()));
  }

  @Test
  void restartSaysHowFastTheNewWorkerWasAndIs() throws Exception {
    Supervisor supervisor = run();
    Load load = Load.to(ObedientServer.at(port)).rate(20).start();

    Command restart = supervisor.restart();

    Report report = load.stop();
    Matcher warm = WARM.matcher(restart.out());
    assertEquals(0, restart.exit(), restart.err());
    assertTrue(warm.find(), restart.out());
    assertTrue(restart.out().contains("warm-up: "), restart.out());
    Await.until(
        "it is remembered",
        () -> WARM.matcher(machine.baton("history", "--details", "web").out()).find());
    System.out.println("warm-up: " + warm.group() + " in " + restart.millis() + " ms");
    assertEquals(List.of(), report.examples());
    assertEquals(2, report.answeredBy().size(), "no answer of a helper's is a client's");
    assertEquals(List.of(), helpers(supervisor));
  }

  @Test
  void workerThatDiesMeanwhileIsReportedAtOnce() throws Exception {
    Supervisor supervisor = run();
    FutureTask<Command> restart = machine.begin("restart");
    ProcessHandle helper = helper(supervisor);

    Command.signal(supervisor.lastPid("warming"), "KILL");

    Command ended = restart.get();
    assertEquals(1, ended.exit(), ended.out());
    assertTrue(ended.err().contains("killed by SIGKILL before it served"), ended.err());
    awaitEnd(helper);
    assertEquals(List.of("serving"), team.look().states("web"));
  }

  @Test
  void helperEndsWithItsSupervisorAndWithTheWish() throws Exception {
    Supervisor first = run();
    FutureTask<Command> restart = machine.begin("restart");
    ProcessHandle orphan = helper(first);

    first.kill();

    awaitEnd(orphan);
    assertEquals(1, restart.get().exit());
    Supervisor next = team.begin();
    ProcessHandle again = helper(next);
    assertEquals(0, machine.baton("stop").exit(), "nobody waits for its end");
    awaitEnd(again);
  }
}
