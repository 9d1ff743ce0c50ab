package dev.baton.supervisor.process;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.channel.Peer;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.resource.AcceptLoop;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where workers attach. One thread accepts, one more per worker reads; both only check, decode and
 * post what they learn.
 *
 * @param <W> identifies a worker
 */
public final class AttachServer<W> implements Closeable {
  private static final Logger LOG = System.getLogger(AttachServer.class.getName());

  /** The oldest version we still speak, and the newest. */
  private static final int OLDEST_VERSION = 1;

  private static final int VERSION = 2;

  /** The first whose workers come back by themselves. */
  private static final int REATTACHING_VERSION = 2;

  private final Endpoint endpoint;
  private final Tokens<W> tokens;
  private final LongPredicate users;
  private final Events<W> events;

  /** What happens on the connections; called on their threads. */
  public interface Events<W> {
    /**
     * The connection is now the receiver's to close.
     *
     * @param again whether it was attached before, and offers what it holds
     */
    void attached(W worker, long pid, boolean again, Connection connection);

    /** Descriptors that came along are the receiver's to close, and outlive the connection. */
    void received(W worker, Received message);

    /** That connection has ended. */
    void detached(W worker, Connection connection);
  }

  private AttachServer(Endpoint endpoint, Tokens<W> tokens, LongPredicate users, Events<W> events) {
    this.endpoint = endpoint;
    this.tokens = tokens;
    this.users = users;
    this.events = events;
  }

  /**
   * Listens from now on.
   *
   * @param users whose processes are let in, by uid; asked on other threads
   */
  public static <W> AttachServer<W> start(
      Path path, Tokens<W> tokens, LongPredicate users, Events<W> events) throws IOException {
    return start(Endpoint.listen(path), tokens, users, events);
  }

  /** The same with a socket that listens already, which becomes the server's. */
  public static <W> AttachServer<W> start(
      Endpoint endpoint, Tokens<W> tokens, LongPredicate users, Events<W> events) {
    AttachServer<W> server = new AttachServer<>(endpoint, tokens, users, events);
    AcceptLoop.start("attach", server.endpoint::accept, server::read);
    return server;
  }

  private void read(Connection connection) {
    try {
      Guest<W> guest = admit(connection);
      if (guest == null) {
        connection.close();
      } else {
        serve(guest, connection);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "somebody failed to attach: " + e.getMessage());
      closeQuietly(connection);
    }
  }

  /** A worker that has proved who it is. */
  private record Guest<W>(W worker, long pid, long version, boolean again) {}

  /** Lets a worker in, or tells it why not and returns null. */
  private @Nullable Guest<W> admit(Connection connection) throws IOException {
    Peer peer = connection.peer();
    if (!users.test(peer.uid())) {
      return null; // not even read
    }
    Received first = connection.receive();
    if (first == null) {
      return null;
    }
    first.closeDescriptors();
    Message hello = first.message();
    if (!hello.is(Verb.HELLO)) {
      throw new ProtocolException("first message is " + hello.verb() + ", not HELLO");
    }
    long version = hello.number("version");
    if (version < OLDEST_VERSION) {
      return refuse(connection, "protocol version " + version + " is too old");
    }
    boolean again = hello.has("identity");
    W worker =
        again
            ? tokens.recognize(hello.text("identity"), peer.pid())
            : tokens.redeem(hello.text("token"), peer.pid());
    if (worker == null) {
      String what = again ? "unknown identity" : "unknown or used token";
      return refuse(connection, what + ", or not a process of that worker");
    }
    if (!again) {
      tokens.expectAgain(worker, peer.pid(), Processes.startedAt(peer.pid()));
    }
    return new Guest<>(worker, peer.pid(), Math.min(VERSION, version), again);
  }

  private @Nullable Guest<W> refuse(Connection connection, String reason) throws IOException {
    connection.send(Message.of(Verb.REFUSED).with("reason", reason));
    return null;
  }

  /** From here on the loop owns the connection. It learns in any case when nothing more comes. */
  private void serve(Guest<W> guest, Connection connection) {
    W worker = guest.worker();
    try {
      welcome(guest, connection);
      for (Received next = connection.receive(); next != null; next = connection.receive()) {
        events.received(worker, next.owned());
      }
    } catch (IOException e) {
      // Its mistake or its death costs this connection, never more.
      LOG.log(Level.DEBUG, () -> "connection of " + worker + " lost: " + e.getMessage());
    } finally {
      events.detached(worker, connection);
    }
  }

  private void welcome(Guest<W> guest, Connection connection) throws IOException {
    W worker = guest.worker();
    try {
      Message welcome =
          Message.of(Verb.WELCOME).with("version", guest.version()).with("worker", worker);
      connection.send(
          guest.version() < REATTACHING_VERSION
              ? welcome
              : welcome.with("identity", tokens.identityOf(worker)));
    } finally {
      // Not before: an order of the loop must not come before the welcome.
      events.attached(worker, guest.pid(), guest.again(), connection);
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // It is given up anyway.
    }
  }

  @Override
  public void close() throws IOException {
    endpoint.close();
  }
}
