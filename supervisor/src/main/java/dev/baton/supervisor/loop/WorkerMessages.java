package dev.baton.supervisor.loop;

import com.google.common.base.CharMatcher;
import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.BindPolicy.Others;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.Face;
import dev.baton.supervisor.core.Figures;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.Family;
import dev.baton.supervisor.resource.Leases;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.ListenerTable.Faces;
import dev.baton.supervisor.resource.ListenerTable.Place;
import dev.baton.supervisor.resource.ResourceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What one worker says: its binds are answered, the rest becomes facts. */
final class WorkerMessages {
  /** What says no more than that somebody answers. */
  private static final Set<String> SIGNS_OF_LIFE =
      Set.of(Verb.PONG.name(), Verb.DUMPED.name(), Verb.NOT_UNDERSTOOD.name());

  private static final Set<String> ORDERS = Set.of(Verb.SWITCH.name(), Verb.COUNT.name());
  private static final Set<String> ANSWERS = Set.of(Verb.SWITCHED.name(), Verb.CONNECTIONS.name());

  /** Characters of what a worker says that are kept. */
  private static final int MOST_STATUS = 200;

  private final WorkerId id;
  private final WorkerHandle worker;
  private final ListenerTable<WorkerId> listeners;
  private final Leases leases;
  private final Logs logs;
  private final Supervision supervision;

  WorkerMessages(
      WorkerId id,
      WorkerHandle worker,
      ListenerTable<WorkerId> listeners,
      Leases leases,
      Logs logs,
      Supervision supervision) {
    this.id = id;
    this.worker = worker;
    this.listeners = listeners;
    this.leases = leases;
    this.logs = logs;
    this.supervision = supervision;
  }

  void handle(Message message, long now) throws IOException {
    if (message.is(Verb.BIND)) {
      bind(message);
    } else if (message.is(Verb.LISTENING)) {
      supervision.workerListens(id, message.text("listener"), message.flag("switchable"), now);
    } else if (message.is(Verb.RELEASED)) {
      listeners.release(id, address(message.text("listener")));
      supervision.workerReleased(id, message.text("listener"), now);
    } else if (ANSWERS.contains(message.verb())) {
      if (!worker.isLate(message)) {
        answered(message, now);
      }
    } else if (message.is(Verb.ROTATED)) {
      logs.errands().moved(id, order(message));
    } else if (message.is(Verb.LOG)) {
      log(message);
    } else if (message.is(Verb.LEASE)) {
      lease(message);
    } else if (message.is(Verb.READY)) {
      worker.word().sayReady();
    } else if (message.is(Verb.STATUS)) {
      says(message.text("text"));
    } else if (message.is(Verb.FIGURES)) {
      supervision.workerTells(id, figures(message, now));
    } else if (isRefusedRotation(message)) {
      logs.errands().refused(id, order(message), message.text("reason", "it cannot do that"));
    } else if (message.is(Verb.FAILED)) {
      String reason = message.text("reason");
      if (ORDERS.contains(message.text("verb")) && !worker.isLate(message)) {
        supervision.orderFailed(id, reason, now);
      }
    } else if (!SIGNS_OF_LIFE.contains(message.verb())) {
      worker.send(Message.of(Verb.NOT_UNDERSTOOD).with("verb", message.verb()));
    }
  }

  private void answered(Message message, long now) throws IOException {
    if (message.is(Verb.SWITCHED)) {
      String took = " in " + Durations.print(message.number("micros") * 1000);
      supervision.switched(id, face(message), took, now);
    } else {
      supervision.connectionsCounted(id, (int) message.number("count"), now);
    }
  }

  /** A worker without logs of its own need not know the order. */
  private static boolean isRefusedRotation(Message message) {
    boolean refused = message.is(Verb.FAILED) || message.is(Verb.NOT_UNDERSTOOD);
    return refused
        && message.text("verb", "").equals(Verb.ROTATE.name())
        && !message.text("id", "").isEmpty();
  }

  private static Figures figures(Message told, long now) throws ProtocolException {
    return new Figures(
        now,
        readable(told.text("java")),
        told.number("heap"),
        told.number("heap-max"),
        (int) numberIfKnown(told, "gc-permille"),
        (int) numberIfKnown(told, "threads"),
        (int) numberIfKnown(told, "classes"),
        TimeUnit.MILLISECONDS.toNanos(numberIfKnown(told, "up-millis")));
  }

  private static long numberIfKnown(Message told, String key) throws ProtocolException {
    return told.has(key) ? told.number(key) : -1;
  }

  /** It ends in terminals: one line, and nothing but what can be read. */
  private static String readable(String text) {
    String line = text.substring(0, Math.min(text.length(), MOST_STATUS));
    return CharMatcher.javaIsoControl().replaceFrom(line, ' ');
  }

  private void says(String text) {
    String readable = readable(text);
    worker.word().sayStatus(readable);
    supervision.workerSays(id, readable);
  }

  private void bind(Message bind) throws IOException {
    String requestId = bind.text("id");
    Address address = requested(bind);
    ServiceConfig config = worker.generation().config();
    boolean configured = config.listeners().stream().anyMatch(l -> l.address().equals(address));
    Others policy = configured ? Others.HOLD : config.bind().of(address);
    if (policy == Others.LOCAL) {
      worker.send(Message.of(Verb.LOCAL).with("id", requestId));
      return;
    }
    if (policy == Others.DENY) {
      deny(requestId, "EACCES", "Permission denied: the configuration does not allow " + address);
      return;
    }
    if (listeners.hasGranted(id, address) && !bind.flag("reuseport")) {
      deny(requestId, "EADDRINUSE", "Address already in use: this worker has bound " + address);
      return;
    }
    try {
      Place place = new Place(id.service(), id.slot());
      Faces faces = listeners.grant(id, place, address, family(address, bind));
      worker.send(
          Message.of(Verb.GRANT)
              .with("id", requestId)
              .with("listener", address)
              .with("fds", "shared,private")
              .with("backlog", faces.backlog()),
          faces.shared(),
          faces.hidden());
    } catch (ResourceException e) {
      deny(requestId, e.errno(), words(e.errno()) + ": " + e.getMessage());
    }
  }

  /** A named log. */
  private void log(Message asked) throws IOException {
    String requestId = asked.text("id");
    String name = asked.text("name");
    try {
      OpenLog log = logs.give(id, name, worker.generation().config());
      if (log == null) {
        String known = Logs.names(worker.generation().config());
        deny(requestId, "ENOENT", "there is no log '" + name + "'; " + known);
        return;
      }
      worker.send(
          Message.of(Verb.GRANT).with("id", requestId).with("log", name).with("fds", "log"),
          log.file().descriptor());
    } catch (ResourceException e) {
      worker.send(denial(requestId, e));
    }
  }

  private void lease(Message asked) throws IOException {
    String requestId = asked.text("id");
    String name = asked.text("name");
    try (FileChannel file = leases.open(id.service(), name)) {
      worker.send(
          Message.of(Verb.GRANT).with("id", requestId).with("lease", name).with("fds", "lease"),
          Descriptors.of(file));
    } catch (ResourceException e) {
      worker.send(denial(requestId, e));
    }
  }

  private static LogErrands.Order order(Message answer) throws ProtocolException {
    return LogErrands.Order.read(answer.text("id"));
  }

  /** As bind(2) would be reported, because that is what applications and people look for. */
  private static String words(String errno) {
    return switch (errno) {
      case "EADDRINUSE" -> "Address already in use";
      case "EACCES" -> "Permission denied";
      case "EADDRNOTAVAIL" -> "Cannot assign requested address";
      default -> "Cannot bind";
    };
  }

  private void deny(String requestId, String errno, String reason) throws IOException {
    worker.send(denial(requestId, errno, reason));
  }

  /** The answer to a request for what cannot be had. */
  static Message denial(String requestId, ResourceException why) {
    return denial(requestId, why.errno(), String.valueOf(why.getMessage()));
  }

  private static Message denial(String requestId, String errno, String reason) {
    return Message.of(Verb.DENY).with("id", requestId).with("errno", errno).with("reason", reason);
  }

  /** Through the text form, which accepts nothing that could not stand in a configuration. */
  private static Address requested(Message bind) throws ProtocolException {
    String kind = bind.text("kind");
    return switch (kind) {
      case "unix" -> address("unix:" + bind.text("path"));
      case "tcp", "udp" -> address(kind + ":[" + bind.text("address") + "]:" + bind.number("port"));
      default -> throw new ProtocolException("BIND of unknown kind " + kind);
    };
  }

  private static Family family(Address address, Message bind) throws ProtocolException {
    if (address.isUnix()) {
      return Family.INET;
    }
    return switch (bind.text("family")) {
      case "inet" -> Family.INET;
      case "inet6" -> Family.INET6;
      default -> throw new ProtocolException("BIND of unknown family " + bind.text("family"));
    };
  }

  private static Address address(String listener) throws ProtocolException {
    try {
      return Address.parse(listener);
    } catch (ConfigException e) {
      throw new ProtocolException(String.valueOf(e.getMessage()));
    }
  }

  private static Face face(Message message) throws ProtocolException {
    return switch (message.text("face")) {
      case "shared" -> Face.SHARED;
      case "private" -> Face.PRIVATE;
      default -> throw new ProtocolException("unknown face " + message.text("face"));
    };
  }
}
