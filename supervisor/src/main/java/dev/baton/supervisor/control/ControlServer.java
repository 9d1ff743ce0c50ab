package dev.baton.supervisor.control;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.core.Outcome;
import dev.baton.supervisor.core.Transition;
import dev.baton.supervisor.resource.AcceptLoop;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers commands. One thread accepts, one more per command serves it; the state stays with the
 * loop, which is asked through {@link Requests}.
 */
public final class ControlServer implements Closeable {
  private static final long FLUSH_MILLIS = 500;

  /** What commands may ask for; every method may be called on any thread, but the loop. */
  public interface Requests {
    /**
     * Something that takes its time. Returns at once.
     *
     * @param user who asks, by the kernel's word; empty if it is not known
     * @throws IOException when the request makes no sense; its message is the answer
     */
    void operate(Message request, String user, Reply reply) throws IOException;

    void stop();

    /** The rows of {@code status}. */
    List<Message> status();

    /** The rows of {@code logs}: where the files are. */
    List<Message> logs(Message request);

    /** The rows of {@code history}. Reads a file. */
    List<Message> history(Message request) throws IOException;
  }

  /** What becomes of a request; on the loop, which it does not hold up. */
  public interface Reply {
    /** Something to be told before it begins. */
    void tell(Message message);

    /** It has begun; the transitions of these services and its outcomes follow. */
    void begun(long operation, Set<String> services);

    /** It is over, or never began. */
    void end(int code, String reason);
  }

  private final ServerSocketChannel socket;
  private volatile Path path;
  private final Requests requests;
  private final Map<Long, Feed> operations = new ConcurrentHashMap<>();
  private final Set<Feed> stopFeeds = ConcurrentHashMap.newKeySet();
  private final Set<Thread> serving = ConcurrentHashMap.newKeySet();
  private final Set<Thread> stopping = ConcurrentHashMap.newKeySet();

  private ControlServer(ServerSocketChannel socket, Path path, Requests requests) {
    this.socket = socket;
    this.path = path;
    this.requests = requests;
  }

  public static ControlServer start(Path path, Requests requests) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    ControlServer server = new ControlServer(socket, path, requests);
    AcceptLoop.start("control", () -> new ControlConnection(socket.accept()), server::serve);
    return server;
  }

  private void serve(ControlConnection connection) {
    serving.add(Thread.currentThread());
    try (connection) {
      Message request = connection.receive();
      if (request != null) {
        answer(request, connection);
      }
    } catch (IOException e) {
      // The command was interrupted. What it asked for goes on.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      serving.remove(Thread.currentThread());
    }
  }

  private void answer(Message request, ControlConnection connection)
      throws IOException, InterruptedException {
    switch (request.verb()) {
      case "STATUS" -> rows(requests.status(), connection);
      case "HISTORY" -> rows(requests.history(request), connection);
      case "LOGS" -> rows(requests.logs(request), connection);
      case "START",
          "RESTART",
          "ROLLBACK",
          "SCALE",
          "RESET",
          "RELOAD",
          "ROTATE",
          "AUDIT",
          "DIAGNOSE",
          "UPGRADE" ->
          operate(request, connection);
      case "STOP" -> {
        if (request.has("services")) {
          operate(request, connection);
        } else {
          stop(connection);
        }
      }
      default -> connection.send(Message.of(Verb.NOT_UNDERSTOOD).with("verb", request.verb()));
    }
  }

  private static void rows(List<Message> rows, ControlConnection connection) throws IOException {
    for (Message row : rows) {
      connection.send(row);
    }
    connection.send(result(ExitCode.OK, ""));
  }

  private void operate(Message request, ControlConnection connection)
      throws IOException, InterruptedException {
    Feed feed = new Feed();
    try {
      requests.operate(request, connection.user(), reply(feed));
    } catch (IOException e) {
      feed.offer(result(ExitCode.USAGE, String.valueOf(e.getMessage())));
    }
    try {
      forward(feed, connection);
    } finally {
      operations.values().remove(feed);
    }
  }

  private Reply reply(Feed feed) {
    return new Reply() {
      @Override
      public void tell(Message message) {
        feed.offer(message);
      }

      @Override
      public void begun(long operation, Set<String> services) {
        feed.follow(services);
        operations.put(operation, feed);
      }

      @Override
      public void end(int code, String reason) {
        feed.offer(result(code, reason));
      }
    };
  }

  private void stop(ControlConnection connection) throws IOException, InterruptedException {
    Feed feed = new Feed();
    stopFeeds.add(feed);
    stopping.add(Thread.currentThread());
    requests.stop();
    try {
      forward(feed, connection);
    } finally {
      stopFeeds.remove(feed);
    }
  }

  private static void forward(Feed feed, ControlConnection connection)
      throws IOException, InterruptedException {
    Message next;
    do {
      next = feed.take();
      connection.send(next);
    } while (!next.is(Verb.RESULT));
  }

  /** Tells every command that waits for something of that service. */
  public void announce(Transition transition) {
    Message message =
        Message.of(Verb.PROGRESS)
            .with("worker", transition.worker())
            .with("state", transition.state().name().toLowerCase(Locale.ROOT))
            .with("pid", transition.pid())
            .with("reason", transition.reason())
            .with("nanos", transition.sinceNanos())
            .with("deadline-nanos", transition.deadlineNanos());
    operations.values().forEach(feed -> feed.offerOf(transition.worker().service(), message));
    stopFeeds.forEach(feed -> feed.offer(message));
  }

  /** Tells the command that asked for the operation what came of one of its steps. */
  public void finish(Outcome outcome, List<String> output) {
    Feed feed = operations.get(outcome.operation());
    if (feed == null) {
      return;
    }
    output.forEach(line -> feed.offer(Message.of(Verb.OUTPUT).with("line", line)));
    feed.failed(!outcome.success());
    Message told = outcome.last() ? result(feed.code(), "") : Message.of(Verb.OUTCOME);
    feed.offer(
        told.with("service", outcome.service())
            .with("success", outcome.success())
            .with("reason", outcome.reason())
            .with("nanos", outcome.nanos())
            .with("waited-nanos", outcome.waitedNanos()));
    if (outcome.last()) {
      operations.remove(outcome.operation());
    }
  }

  private static Message result(int code, String reason) {
    return Message.of(Verb.RESULT).with("code", code).with("reason", reason);
  }

  /** How many commands follow an operation. */
  int waiting() {
    return operations.size();
  }

  /** Somebody has renamed the socket. */
  public void movedTo(Path other) {
    path = other;
  }

  /** Another supervisor answers from now on: whoever waits is told so. */
  public void replaced(String reason) throws InterruptedException {
    Message again = result(ExitCode.BUSY, reason);
    operations.values().forEach(feed -> feed.offer(again));
    stopFeeds.forEach(feed -> feed.offer(again));
    for (Thread thread : serving) {
      thread.join(FLUSH_MILLIS); // one that does not read any more must not keep us
    }
  }

  /** No further command finds us; those that wait for the end go on waiting. */
  @Override
  public void close() throws IOException {
    socket.close();
    Files.deleteIfExists(path);
  }

  /** The very last act: everything is released. Waits until those who asked have been told. */
  public void finishStop() throws InterruptedException {
    stopFeeds.forEach(feed -> feed.offer(result(ExitCode.OK, "stopped")));
    for (Thread thread : stopping) {
      thread.join(1000); // a command that does not read any more must not keep us
    }
  }
}
