package dev.baton.supervisor.loop;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.core.LogEdges;
import dev.baton.supervisor.core.LogId;
import dev.baton.supervisor.core.LogKeeping;
import dev.baton.supervisor.core.LogRotation;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.HeldLog;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does with logs what the keeping decides: on the loop, but for what a slow disk can hold up. */
final class LogErrands implements LogEdges {
  private static final Logger LOG = System.getLogger(LogErrands.class.getName());

  private final Logs logs;
  private final LogKeeping keeping;
  private final Executor writer;
  private final Inbox inbox;
  private final Logs.Sender sender;
  private final Map<Long, Consumer<LogRotation>> askers = new HashMap<>();

  LogErrands(Logs logs, LogKeeping keeping, Executor writer, Inbox inbox, Logs.Sender sender) {
    this.logs = logs;
    this.keeping = keeping;
    this.writer = writer;
    this.inbox = inbox;
    this.sender = sender;
  }

  /** Who is told when that request is answered. */
  void expect(long request, Consumer<LogRotation> told) {
    askers.put(request, told);
  }

  private record Look(LogId log, HeldLog file) {}

  private record Seen(LogId log, long bytes, boolean inPlace, String problem) {}

  @Override
  public void measure(List<LogId> which) {
    List<Look> looks = new ArrayList<>();
    for (LogId id : which) {
      OpenLog log = logs.get(id);
      if (log != null) {
        looks.add(new Look(id, log.file()));
      }
    }
    writer.execute(
        () -> {
          List<Seen> seen = new ArrayList<>();
          for (Look look : looks) {
            seen.add(look(look));
          }
          inbox.post(
              now -> {
                for (Seen one : seen) {
                  keeping.measured(one.log(), one.bytes(), one.inPlace(), one.problem(), now);
                }
              });
        });
  }

  private static Seen look(Look look) {
    HeldLog file = look.file();
    try {
      boolean inPlace = file.isInPlace();
      return new Seen(look.log(), file.bytes(), inPlace, inPlace ? problem(file.path()) : "");
    } catch (IOException e) {
      return new Seen(look.log(), 0, true, "cannot be looked at: " + e.getMessage());
    }
  }

  /** Why nobody can write there now. */
  private static String problem(Path path) {
    if (path.toFile().getUsableSpace() == 0) {
      return "no space is left for " + path;
    }
    return Files.isWritable(path) ? "" : path + " cannot be written";
  }

  @Override
  public void rotate(LogId id) {
    OpenLog log = logs.get(id);
    if (log == null) {
      return;
    }
    HeldLog file = log.file();
    Path path = logs.pathOf(id, log);
    boolean elsewhere = !path.equals(file.path()); // the old one stays where it is
    if (elsewhere) {
      logs.archiver().opens(path);
    }
    Archiver.Place place = logs.place(id, log.config());
    writer.execute(
        () -> {
          try {
            boolean renamed = !elsewhere && file.isInPlace();
            Path archive = renamed ? logs.archiver().retire(place.archives(), path) : null;
            HeldLog next = open(path, archive);
            inbox.post(now -> replace(id, log, next, archive, now));
          } catch (IOException | RuntimeException e) {
            inbox.post(now -> failed(id, String.valueOf(e.getMessage()), now));
          }
        });
  }

  /** What cannot be opened anew keeps its place. */
  private static HeldLog open(Path path, @Nullable Path archive) throws IOException {
    try {
      return HeldLog.open(path);
    } catch (IOException e) {
      if (archive != null) {
        Files.move(archive, path);
      }
      throw e;
    }
  }

  private void replace(LogId id, OpenLog log, HeldLog next, @Nullable Path archive, long now) {
    if (logs.get(id) != log) { // closed meanwhile
      logs.closeLater(next);
      if (archive != null) {
        logs.archiver().left(logs.place(id, log.config()), archive);
      }
      return;
    }
    HeldLog before = log.replace(next, archive);
    if (!before.path().equals(next.path())) {
      logs.archiver().closed(before.path());
    }
    logs.closeLater(before);
    keeping.rotated(id, now);
  }

  private void failed(LogId id, String reason, long now) {
    LOG.log(Level.WARNING, "cannot rotate " + id + ": " + reason);
    keeping.failed(id, reason, now);
  }

  @Override
  public void move(WorkerId worker, LogId id, long held) {
    OpenLog log = logs.get(id);
    if (log == null) {
      return;
    }
    Message message =
        Message.of(Verb.ROTATE)
            .with("id", new Order(log.number(), id.name()))
            .with("log", id.name())
            .with("replaces", log.identity(held))
            .with("fds", "log");
    try {
      sender.send(worker, message, log.file().descriptor());
    } catch (IOException e) {
      inbox.post(now -> keeping.refused(worker, id, String.valueOf(e.getMessage())));
    }
  }

  /** What a worker answers to: which file of which log. */
  record Order(long number, String log) {
    static Order read(String id) throws ProtocolException {
      int colon = id.indexOf(':');
      try {
        return new Order(
            Long.parseLong(id.substring(0, Math.max(0, colon))), id.substring(colon + 1));
      } catch (NumberFormatException e) {
        throw new ProtocolException("'" + id + "' is no order of ours");
      }
    }

    @Override
    public String toString() {
      return number + ":" + log;
    }
  }

  void moved(WorkerId worker, Order order) {
    keeping.moved(worker, logs.idOf(worker, order.log()), order.number());
  }

  void refused(WorkerId worker, Order order, String reason) {
    keeping.refused(worker, logs.idOf(worker, order.log()), reason);
  }

  @Override
  public void archive(LogId id, long number) {
    OpenLog log = logs.get(id);
    Path archive = log == null ? null : log.left(number);
    if (log != null && archive != null) {
      logs.archiver().left(logs.place(id, log.config()), archive);
    }
  }

  @Override
  public void warn(LogId log, String problem) {
    LOG.log(Level.WARNING, problem);
  }

  @Override
  public void answer(long request, LogRotation result) {
    Consumer<LogRotation> told = askers.remove(request);
    if (told != null) {
      told.accept(result);
    }
  }
}
