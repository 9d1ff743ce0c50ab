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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers commands. One thread accepts, one more per command serves it; the state stays with the
 * loop, which is asked through {@link Requests}.
 */
public final class ControlServer implements Closeable {
  /** What commands may ask for; every method may be called on any thread and returns at once. */
  public interface Requests {
    /** The answer gets null when the restart has begun, else why it has not. */
    void restart(Consumer<@Nullable String> answer);

    void stop();

    /** The rows of {@code status}. */
    List<Message> status();
  }

  private final ServerSocketChannel socket;
  private final Path path;
  private final Requests requests;
  private final Set<Feed> restartFeeds = ConcurrentHashMap.newKeySet();
  private final Set<Feed> stopFeeds = ConcurrentHashMap.newKeySet();
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
    try (connection) {
      Message request = connection.receive();
      if (request != null) {
        answer(request, connection);
      }
    } catch (IOException e) {
      // The command was interrupted. What it asked for goes on.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Message request, ControlConnection connection)
      throws IOException, InterruptedException {
    if (request.is(Verb.STATUS)) {
      for (Message row : requests.status()) {
        connection.send(row);
      }
      connection.send(result(ExitCode.OK, ""));
    } else if (request.is(Verb.RESTART)) {
      Feed feed = new Feed();
      requests.restart(refusal -> begun(feed, refusal));
      forward(feed, connection);
    } else if (request.is(Verb.STOP)) {
      stop(connection);
    } else {
      connection.send(Message.of(Verb.NOT_UNDERSTOOD).with("verb", request.verb()));
    }
  }

  private void begun(Feed feed, @Nullable String refusal) {
    if (refusal == null) {
      restartFeeds.add(feed);
    } else {
      feed.offer(result(ExitCode.BUSY, refusal));
    }
  }

  private void stop(ControlConnection connection) throws IOException, InterruptedException {
    Feed feed = new Feed();
    stopFeeds.add(feed);
    stopping.add(Thread.currentThread());
    requests.stop();
    forward(feed, connection);
  }

  private void forward(Feed feed, ControlConnection connection)
      throws IOException, InterruptedException {
    try {
      Message next;
      do {
        next = feed.take();
        connection.send(next);
      } while (!next.is(Verb.RESULT));
    } finally {
      restartFeeds.remove(feed);
      stopFeeds.remove(feed);
    }
  }

  /** Tells every command that waits. */
  public void announce(Transition transition) {
    Message message =
        Message.of(Verb.PROGRESS)
            .with("worker", transition.worker())
            .with("state", transition.state().name().toLowerCase(Locale.ROOT))
            .with("pid", transition.pid())
            .with("reason", transition.reason())
            .with("nanos", transition.sinceNanos());
    restartFeeds.forEach(feed -> feed.offer(message));
    stopFeeds.forEach(feed -> feed.offer(message));
  }

  /** Gives every command that asked for the restart its result. */
  public void finishRestart(Outcome outcome, List<String> output) {
    for (Feed feed : restartFeeds) {
      output.forEach(line -> feed.offer(Message.of(Verb.OUTPUT).with("line", line)));
      feed.offer(
          result(outcome.success() ? ExitCode.OK : ExitCode.FAILED, outcome.reason())
              .with("nanos", outcome.nanos()));
    }
  }

  private static Message result(int code, String reason) {
    return Message.of(Verb.RESULT).with("code", code).with("reason", reason);
  }

  /** How many commands follow the restart. */
  int waiting() {
    return restartFeeds.size();
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
