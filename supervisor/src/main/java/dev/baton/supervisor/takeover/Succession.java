package dev.baton.supervisor.takeover;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An upgrade, on the side of the supervisor that comes; see {@link Handover}. */
public final class Succession implements Closeable {
  private static final String NEXT = ".next";
  private static final String BEFORE = ".before";
  private static final List<String> SOCKETS = List.of("attach.sock", "control.sock");

  private final Connection connection;
  private final List<Handover.Offer> offers = new ArrayList<>();

  private Succession(Connection connection) {
    this.connection = connection;
  }

  /** Connects to the supervisor that has started us; null when none has. */
  public static @Nullable Succession begin(Map<String, String> environment) throws IOException {
    String path = environment.get(Handover.VARIABLE);
    if (path == null || path.isEmpty()) {
      return null;
    }
    Connection connection = Endpoint.connect(Path.of(path));
    try {
      connection.send(
          Message.of(Verb.HELLO).with("version", 2).with("pid", ProcessHandle.current().pid()));
      return new Succession(connection);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /** Where a socket is bound until we take over. */
  public static Path beside(Path socket) throws IOException {
    Path next = socket.resolveSibling(socket.getFileName() + NEXT);
    Files.deleteIfExists(next);
    return next;
  }

  /**
   * All is prepared, the sockets listen beside those of the other one. Blocks until it is our turn,
   * and takes the places of its sockets.
   *
   * @throws IOException when it goes on itself
   */
  public void takeOver(Path directory) throws IOException {
    connection.send(Message.of(Verb.PREPARED));
    Message message;
    do {
      Received received = connection.receive();
      if (received == null) {
        throw new IOException("the supervisor before goes on itself");
      }
      message = received.message();
      if (message.is(Verb.REOFFER)) {
        offers.add(offer(received));
      } else {
        received.closeDescriptors();
      }
    } while (!message.is(Verb.TAKE_OVER));
    for (String name : SOCKETS) {
      Path socket = directory.resolve(name);
      Path before = socket.resolveSibling(name + BEFORE);
      Files.deleteIfExists(before);
      Files.createLink(before, socket); // so that it can be put back
      move(socket.resolveSibling(name + NEXT), socket);
    }
    connection.send(Message.of(Verb.TAKEN));
  }

  private static Handover.Offer offer(Received received) throws IOException {
    try {
      Message message = received.message();
      if (received.descriptors().size() != 1) {
        throw new ProtocolException("not one descriptor: " + message);
      }
      int number = Descriptors.number(received.descriptors().get(0));
      FileDescriptor own = Descriptors.of(Descriptors.duplicate(number));
      String stored = message.text(Handover.Offer.STORED, "");
      return stored.isEmpty()
          ? new Handover.Offer(
              message.text("service"),
              Handover.Offer.LISTENER,
              message.text(Handover.Offer.LISTENER),
              own)
          : new Handover.Offer(message.text("service"), Handover.Offer.STORED, stored, own);
    } finally {
      received.closeDescriptors();
    }
  }

  /** What was handed over; whoever asks closes them. */
  public List<Handover.Offer> offers() {
    return offers;
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The successor did not live to say that it has taken over: our sockets are reached again. */
  static void putBack(Path directory) {
    for (String name : SOCKETS) {
      Path before = directory.resolve(name + BEFORE);
      try {
        if (Files.exists(before)) {
          move(before, directory.resolve(name));
        }
      } catch (IOException e) {
        System.getLogger(Succession.class.getName())
            .log(System.Logger.Level.WARNING, "cannot put back " + name + ": " + e.getMessage());
      }
    }
  }

  /** Removes what an upgrade has left beside the sockets. */
  public static void clean(Path directory) throws IOException {
    for (String name : SOCKETS) {
      Files.deleteIfExists(directory.resolve(name + NEXT));
      Files.deleteIfExists(directory.resolve(name + BEFORE));
    }
    Files.deleteIfExists(directory.resolve(Handover.SOCKET));
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
