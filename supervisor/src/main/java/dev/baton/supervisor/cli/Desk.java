package dev.baton.supervisor.cli;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.control.ControlServer;
import dev.baton.supervisor.control.ExitCode;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Refusal;
import dev.baton.supervisor.core.RestartRecord.Asker;
import dev.baton.supervisor.loop.Audit;
import dev.baton.supervisor.loop.Diagnosis;
import dev.baton.supervisor.loop.Request;
import dev.baton.supervisor.loop.Rotated;
import dev.baton.supervisor.loop.SupervisorLoop;
import dev.baton.supervisor.resource.History;
import dev.baton.supervisor.resource.HistoryLine;
import dev.baton.supervisor.resource.LogPaths;
import dev.baton.supervisor.takeover.Handover;
import dev.baton.supervisor.takeover.SuccessorCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Where requests of commands and signals come in, on any thread, and go on to the loop. */
final class Desk implements ControlServer.Requests {
  private static final int MOST_WORKERS = 100;

  private final Users users;
  private final Map<String, String> environment;
  private final PrintWriter err;
  private final Path state;
  private final AtomicBoolean upgrading = new AtomicBoolean();
  private final long startedAt = System.nanoTime();

  // Written once the supervisor runs, or by a reload
  private volatile Desired desired;
  private volatile @Nullable SupervisorLoop loop;
  private volatile @Nullable History history;
  private volatile Path runDirectory = Path.of("");

  /** Turns everybody away until it is {@link #open}. */
  Desk(Desired desired, Users users, Path state, Map<String, String> environment, PrintWriter err) {
    this.state = state;
    this.desired = desired;
    this.users = users;
    this.environment = environment;
    this.err = err;
  }

  void open(SupervisorLoop running, @Nullable History records, Path directory) {
    history = records;
    runDirectory = directory;
    loop = running;
  }

  /** Of the lines in the supervisor's own log. */
  SupervisorLog.Format logFormat() {
    return desired.config().log().format();
  }

  @Override
  public void operate(Message request, String user, ControlServer.Reply reply) throws IOException {
    SupervisorLoop running = loop;
    if (running == null) {
      reply.end(ExitCode.BUSY, "the supervisor is starting");
      return;
    }
    long pid = request.has("pid") ? request.number("pid") : 0;
    Asker asker = new Asker(Asker.How.COMMAND, user, pid);
    if (request.is(Verb.ROTATE)) {
      running.requestRotation(services(request), rotated -> told(rotated, reply));
    } else if (request.is(Verb.UPGRADE)) {
      upgrade(
          running, SuccessorCommand.of(request.text("jar", ""), request.text("java", "")), reply);
    } else if (request.is(Verb.AUDIT)) {
      running.requestAudit(rows -> told(rows, reply));
    } else if (request.is(Verb.DIAGNOSE)) {
      running.requestDiagnosis(services(request), diagnosis -> told(diagnosis, reply));
    } else if (request.is(Verb.RELOAD)) {
      reload(running, request.flag("dry-run"), asker, reply);
    } else {
      running.request(read(request, asker), new Forward(reply));
    }
  }

  private static Request read(Message request, Asker asker) throws ProtocolException {
    boolean promotes = request.is(Verb.RESTART) && request.flag("promote");
    return new Request(
        promotes ? Kind.PROMOTE : Kind.valueOf(request.verb()),
        services(request),
        request.is(Verb.SCALE) ? workers(request) : 0,
        request.has("strategy") ? strategy(request.text("strategy")) : null,
        asker);
  }

  private static ImmutableList<String> services(Message request) {
    String services = request.text("services", "");
    return ImmutableList.copyOf(Splitter.on(' ').omitEmptyStrings().split(services));
  }

  private static void told(Rotated rotated, ControlServer.Reply reply) {
    for (Rotated.Row row : rotated.rows()) {
      reply.tell(
          log(row.log().service(), row.log().name(), row.path())
              .with("archive", row.archive() == null ? "" : row.archive()));
    }
    if (!rotated.refusal().isEmpty()) {
      reply.end(ExitCode.FAILED, rotated.refusal());
    } else {
      String problems = String.join("; ", rotated.problems());
      reply.end(problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED, problems);
    }
  }

  /** Waits for the successor on a thread of its own. */
  private void upgrade(SupervisorLoop running, List<String> command, ControlServer.Reply reply)
      throws IOException {
    if (ProcessHandle.current().pid() == 1) {
      throw new IOException(
          "process 1 cannot be replaced: its end is the container's; start another");
    }
    if (!upgrading.compareAndSet(false, true)) {
      reply.end(ExitCode.BUSY, "another upgrade is running");
      return;
    }
    Thread thread = new Thread(() -> handOver(running, command, reply), "upgrade");
    thread.setDaemon(true);
    thread.start();
  }

  private void handOver(SupervisorLoop running, List<String> command, ControlServer.Reply reply) {
    try {
      Handover handover = Handover.start(runDirectory, command);
      try {
        handover.awaitPrepared();
        running.requestHandover(
            handover,
            why -> goOn(handover, why, reply),
            () -> {
              reply.end(ExitCode.OK, Long.toString(handover.pid()));
            });
      } catch (IOException e) {
        goOn(handover, String.valueOf(e.getMessage()), reply);
      }
    } catch (IOException e) {
      upgrading.set(false);
      reply.end(ExitCode.FAILED, e.getMessage() + "; this supervisor goes on");
    }
  }

  private void goOn(Handover handover, String why, ControlServer.Reply reply) {
    try {
      handover.close();
    } catch (IOException e) {
      // Its end is what was wanted.
    }
    upgrading.set(false);
    reply.end(ExitCode.FAILED, why + "; this supervisor goes on");
  }

  private static void told(List<Audit.Row> rows, ControlServer.Reply reply) {
    long wrong = 0;
    for (Audit.Row row : rows) {
      wrong += row.trouble().isEmpty() ? 0 : 1;
      reply.tell(
          Message.of(Verb.DESCRIPTOR)
              .with("owner", row.owner())
              .with("pid", row.pid())
              .with("kind", row.kind())
              .with("name", row.name())
              .with("descriptors", row.descriptors())
              .with("trouble", row.trouble()));
    }
    reply.end(
        wrong == 0 ? ExitCode.OK : ExitCode.FAILED,
        wrong == 0 ? "" : wrong + " of " + rows.size() + " are not as they should be");
  }

  private static void told(Diagnosis diagnosis, ControlServer.Reply reply) {
    for (Diagnosis.Row row : diagnosis.rows()) {
      reply.tell(
          Message.of(Verb.EVIDENCE)
              .with("worker", row.worker())
              .with("path", row.file() == null ? "" : row.file())
              .with("trouble", row.problem()));
    }
    boolean all = diagnosis.rows().stream().allMatch(row -> row.problem().isEmpty());
    boolean ok = diagnosis.refusal().isEmpty() && all;
    reply.end(ok ? ExitCode.OK : ExitCode.FAILED, diagnosis.refusal());
  }

  private static Message log(String service, String name, Path path) {
    return Message.of(Verb.LOG).with("service", service).with("name", name).with("path", path);
  }

  private static int workers(Message request) throws ProtocolException {
    long workers = request.number("workers");
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new ProtocolException(
          "a service has 1 to " + MOST_WORKERS + " workers, not " + workers + "; see baton stop");
    }
    return (int) workers;
  }

  private static Strategy strategy(String written) throws ProtocolException {
    Strategy strategy = RestartCommand.strategy(written);
    if (strategy == null) {
      throw new ProtocolException(
          "'"
              + written
              + "' is no strategy; write rolling, all-at-once, canary, handover or exclusive");
    }
    return strategy;
  }

  private void reload(
      SupervisorLoop running, boolean dryRun, Asker asker, ControlServer.Reply reply)
      throws IOException {
    Desired next;
    try {
      next = desired.again(environment);
      next.check(environment, err);
      if (!dryRun) {
        users.allow(next.config());
      }
    } catch (ConfigException e) {
      throw new ProtocolException(e.getMessage() + "; nothing was changed");
    }
    running.requestReload(
        next.config(),
        dryRun,
        asker,
        plan -> plan.lines().forEach(line -> reply.tell(Message.of(Verb.PLAN).with("line", line))),
        new Forward(reply) {
          @Override
          public void begun(long operation, Set<String> services) {
            if (dryRun) {
              reply.end(ExitCode.OK, "nothing was changed");
            } else {
              desired = next;
              super.begun(operation, services);
            }
          }
        });
  }

  /** Tells the command what the loop answers. */
  private static class Forward implements SupervisorLoop.Answer {
    private final ControlServer.Reply reply;

    private Forward(ControlServer.Reply reply) {
      this.reply = reply;
    }

    @Override
    public void begun(long operation, Set<String> services) {
      reply.begun(operation, services);
    }

    @Override
    public void refused(Refusal refusal) {
      reply.end(refusal.busy() ? ExitCode.BUSY : ExitCode.FAILED, refusal.reason());
    }
  }

  /** SIGHUP is restart. */
  void hangUp() {
    SupervisorLoop running = loop;
    if (running == null) {
      return;
    }
    Asker asker = new Asker(Asker.How.SIGNAL, "", 0);
    running.request(
        Request.of(Kind.RESTART, ImmutableList.of(), asker),
        new SupervisorLoop.Answer() {
          @Override
          public void begun(long operation, Set<String> services) {}

          @Override
          public void refused(Refusal refusal) {
            err.println("baton: SIGHUP ignored: " + refusal.reason());
            err.flush();
          }
        });
  }

  /** SIGUSR1 is rotate. */
  void rotate() {
    SupervisorLoop running = loop;
    if (running != null) {
      running.requestRotation(
          List.of(),
          rotated -> {
            for (String problem : rotated.problems()) {
              err.println("baton: SIGUSR1: " + problem);
              err.flush();
            }
          });
    }
  }

  @Override
  public void stop() {
    SupervisorLoop running = loop;
    if (running != null) {
      running.requestStop();
    }
  }

  @Override
  public List<Message> status() {
    SupervisorLoop running = loop;
    return running == null
        ? List.of()
        : StatusRows.of(desired.config().name(), running.status(), startedAt, System.nanoTime());
  }

  @Override
  public List<Message> logs(Message request) {
    List<String> wanted = services(request);
    List<Message> rows = new ArrayList<>();
    for (ServiceConfig service : desired.config().services().values()) {
      if (wanted.isEmpty() || wanted.contains(service.name())) {
        for (LogConfig log : service.allLogs()) {
          Path path = LogPaths.resolve(state, log, null);
          rows.add(log(service.name(), log.name(), path));
        }
      }
    }
    return rows;
  }

  @Override
  public List<Message> history(Message request) throws IOException {
    History records = history;
    if (records == null) {
      return List.of();
    }
    int most = (int) request.number("most");
    String service = request.has("services") ? request.text("services") : null;
    return records.last(most, service).stream()
        .map(record -> Message.of(Verb.RECORD).with("line", HistoryLine.write(record)))
        .toList();
  }
}
