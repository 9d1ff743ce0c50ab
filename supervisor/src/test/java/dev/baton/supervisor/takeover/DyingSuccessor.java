package dev.baton.supervisor.takeover;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A successor that does what is expected of it up to a step, and is then killed. */
final class DyingSuccessor {
  private static final List<String> SOCKETS = List.of("attach.sock", "control.sock");

  private DyingSuccessor() {}

  /** After what it is killed. */
  enum Step {
    START,
    CONNECTED,
    HELLO,
    LISTENS,
    PREPARED,
    FIRST_OFFER,
    TAKE_OVER,
    LINKED,
    FIRST_SOCKET,
    BOTH_SOCKETS,
    TAKEN
  }

  public static void main(String[] arguments) throws Exception {
    Step last = Step.valueOf(arguments[0]);
    Path endpoint = Path.of(System.getenv(Handover.VARIABLE));
    Path directory = endpoint.resolveSibling(".");
    reached(Step.START, last);
    try (Connection connection = Endpoint.connect(endpoint)) {
      reached(Step.CONNECTED, last);
      connection.send(Message.of(Verb.HELLO).with("version", 2).with("pid", 1));
      reached(Step.HELLO, last);
      for (String name : SOCKETS) {
        listen(directory.resolve(name + ".next"));
      }
      reached(Step.LISTENS, last);
      connection.send(Message.of(Verb.PREPARED));
      reached(Step.PREPARED, last);
      for (Received next = receive(connection); !next.message().is(Verb.TAKE_OVER); ) {
        reached(Step.FIRST_OFFER, last);
        next = receive(connection);
      }
      reached(Step.TAKE_OVER, last);
      for (String name : SOCKETS) {
        Path socket = directory.resolve(name);
        Files.createLink(directory.resolve(name + ".before"), socket);
        reached(Step.LINKED, last);
        Files.move(directory.resolve(name + ".next"), socket, StandardCopyOption.REPLACE_EXISTING);
        reached(Step.FIRST_SOCKET, last);
      }
      reached(Step.BOTH_SOCKETS, last);
      connection.send(Message.of(Verb.TAKEN));
      reached(Step.TAKEN, last);
    }
  }

  @SuppressWarnings("resource") // as long as it lives
  private static void listen(Path path) throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
  }

  private static Received receive(Connection connection) throws IOException {
    Received received = connection.receive();
    if (received == null) {
      throw new IOException("the supervisor hung up");
    }
    return received;
  }

  private static void reached(Step step, Step last) throws Exception {
    if (step == last) {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    }
  }
}
