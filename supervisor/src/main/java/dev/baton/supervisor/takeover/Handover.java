package dev.baton.supervisor.takeover;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An upgrade, on the side of the supervisor that goes: its successor, and the conversation with it.
 *
 * <pre>
 * successor → HELLO             it lives, and has checked everything it can
 * successor → PREPARED          it listens beside us, where nobody looks yet
 * successor ← REOFFER …         the listeners
 * successor ← TAKE_OVER         the state is on disk, and final
 * successor → TAKEN             whoever connects from now on reaches it
 * </pre>
 *
 * Until TAKEN is here the successor's death costs nothing: we go on.
 */
public final class Handover implements Closeable {
  /** What a successor finds the way by. */
  public static final String VARIABLE = "BATON_TAKEOVER";

  static final String SOCKET = "takeover.sock";

  private static final long PREPARE_SECONDS = 60;
  private static final long TAKE_SECONDS = 5;

  private final Path directory;
  private final Endpoint endpoint;
  private final Process successor;

  // Mutable state
  private volatile boolean prepared;
  private @Nullable Connection connection;
  private boolean taken;

  private Handover(Path directory, Endpoint endpoint, Process successor) {
    this.directory = directory;
    this.endpoint = endpoint;
    this.successor = successor;
  }

  /**
   * Something that is handed over.
   *
   * @param what {@code listener}, or {@code stored} for a connection that a worker has stored
   */
  public record Offer(String service, String what, String name, FileDescriptor descriptor) {
    public static final String LISTENER = "listener";
    public static final String STORED = "stored";
  }

  /**
   * Starts the successor.
   *
   * @param directory the run directory
   * @param command a supervisor with our own arguments
   */
  public static Handover start(Path directory, List<String> command) throws IOException {
    Path path = directory.resolve(SOCKET);
    Files.deleteIfExists(path);
    Endpoint endpoint = Endpoint.listen(path);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      builder.environment().put(VARIABLE, path.toString());
      // What was passed to us was meant for our pid; what is to be passed on, we pass on.
      for (String name : List.of("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_PID")) {
        builder.environment().remove(name);
      }
      Handover handover = new Handover(directory, endpoint, builder.start());
      handover.watch();
      return handover;
    } catch (IOException | RuntimeException e) {
      endpoint.close();
      throw e;
    }
  }

  /** Whoever waits for it must not wait for ever. */
  private void watch() {
    Thread thread = new Thread(this::endIfLate, "upgrade-watch");
    thread.setDaemon(true);
    thread.start();
    var unused = successor.onExit().thenRun(this::closeEndpoint);
  }

  private void endIfLate() {
    try {
      if (!successor.waitFor(PREPARE_SECONDS, TimeUnit.SECONDS) && !prepared) {
        successor.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeEndpoint() {
    try {
      endpoint.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  public long pid() {
    return successor.pid();
  }

  /** Blocks until the successor is prepared; throws with the reason when it will not be. */
  public void awaitPrepared() throws IOException {
    try {
      Connection made = endpoint.accept();
      connection = made;
      if (made.peer().pid() != successor.pid()) {
        throw new IOException("somebody else than the successor has connected");
      }
      expect(made, Verb.HELLO);
      expect(made, Verb.PREPARED);
      prepared = true;
    } catch (ClosedChannelException e) {
      throw new IOException(whyNot(), e);
    }
  }

  private void expect(Connection from, Verb verb) throws IOException {
    Received received = from.receive();
    if (received == null) {
      throw new IOException(whyNot());
    }
    received.closeDescriptors();
    if (!received.message().is(verb)) {
      throw new IOException("the successor says " + received.message().verb() + ", not " + verb);
    }
  }

  private String whyNot() {
    try {
      if (successor.waitFor(1, TimeUnit.SECONDS)) {
        int status = successor.exitValue();
        return status == 128 + 9
            ? "the successor was killed, or was not ready in " + PREPARE_SECONDS + " s"
            : "the successor ended with status " + status + " before it was ready";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "the successor hung up";
  }

  /**
   * Hands everything over; the state is on disk. Blocks for the moment it takes, and for some
   * seconds at most.
   *
   * @return whether the successor has taken it; if not, everything is as before
   */
  public boolean handOver(List<Offer> offers) {
    Connection to = connection;
    if (to == null) {
      return false;
    }
    try {
      for (Offer offer : offers) {
        to.send(
            Message.of(Verb.REOFFER)
                .with("service", offer.service())
                .with(offer.what(), offer.name())
                .with("fds", offer.what().equals(Offer.LISTENER) ? "shared" : "connection"),
            offer.descriptor());
      }
      to.send(Message.of(Verb.TAKE_OVER));
      taken = isTaken(to);
    } catch (IOException e) {
      taken = false;
    }
    if (!taken) {
      successor.destroyForcibly();
      Succession.putBack(directory);
    }
    return taken;
  }

  /** On another thread, because a successor that is stopped by a signal must not stop us too. */
  private boolean isTaken(Connection from) {
    FutureTask<Boolean> answer =
        new FutureTask<>(
            () -> {
              expect(from, Verb.TAKEN);
              return true;
            });
    Thread reader = new Thread(answer, "upgrade-reader");
    reader.setDaemon(true);
    reader.start();
    try {
      return answer.get(TAKE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false; // it did not live to say so, or is stopped
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the successor unless it has taken over. */
  @Override
  public void close() throws IOException {
    if (!taken) {
      successor.destroyForcibly();
    }
    endpoint.close();
    if (connection != null) {
      connection.close();
    }
    Succession.clean(directory);
  }
}
