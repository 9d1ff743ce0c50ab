package dev.baton.agent;

import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Exchange;
import dev.baton.jdk.SocketOwner;
import dev.baton.jdk.Sockets;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One listener the supervisor lent us: the two faces, and the descriptor number of the server under
 * which one of them lies. Owns the descriptors of both faces; the server's own number is the
 * server's to close.
 */
final class Grant {
  /** What lies under the server's descriptor. */
  enum Face {
    SHARED,
    PRIVATE
  }

  private final String listener;
  private final int server;
  private final int shared;
  private final int hidden;
  private final int backlog;
  private final SocketAddress address;
  private final SocketAddress hiddenAddress;

  // Mutable state, guarded by this
  private @Nullable SocketOwner owner;
  private Face face = Face.SHARED;

  private volatile boolean released;

  /** Takes ownership of the two faces. */
  Grant(String listener, int server, int shared, int hidden, int backlog) throws IOException {
    this.listener = listener;
    this.server = server;
    this.shared = shared;
    this.hidden = hidden;
    this.backlog = backlog;
    this.address = addressOf(shared);
    this.hiddenAddress = addressOf(hidden);
  }

  private static SocketAddress addressOf(int socket) throws IOException {
    return Objects.requireNonNull(Sockets.localAddress(Descriptors.of(socket)));
  }

  String listener() {
    return listener;
  }

  int backlog() {
    return backlog;
  }

  /** The address clients know: what they connect to is accepted with this as its local address. */
  SocketAddress address() {
    return address;
  }

  /** Puts the shared socket under the server's number, in place of the one it has made. */
  synchronized void begin() throws IOException {
    int made = Descriptors.duplicate(server);
    try {
      Exchange.put(shared, server, made);
    } finally {
      Descriptors.close(made);
    }
  }

  /** The bind is over; from now on the face can be switched. */
  synchronized void boundBy(SocketOwner bound) {
    owner = bound;
  }

  /**
   * Takes the shared socket away before anything can accept. The server goes on to see the address
   * that clients know: it may be about to announce it. Called on the thread that binds.
   */
  synchronized void hide() throws IOException {
    if (owner != null && owner.whileOpen(() -> exchange(Face.PRIVATE))) {
      face = Face.PRIVATE;
    }
  }

  /**
   * Does nothing when the server has closed its descriptor or still binds. A server that is
   * switched off also sees the private address: Tomcat, for one, stops its acceptor by a connection
   * to itself, which would wait at the shared address for somebody else to take it.
   */
  void switchTo(Face wanted) throws IOException {
    SocketOwner bound = owner();
    if (bound != null) {
      bound.onItsThread(() -> switchNow(bound, wanted));
    }
  }

  private synchronized @Nullable SocketOwner owner() {
    return owner;
  }

  private synchronized void switchNow(SocketOwner bound, Face wanted) throws IOException {
    if (face != wanted && bound.whileOpen(() -> show(bound, wanted))) {
      face = wanted;
    }
  }

  private void show(SocketOwner bound, Face wanted) throws IOException {
    exchange(wanted);
    if (address instanceof InetSocketAddress) {
      bound.tellAddress(wanted == Face.SHARED ? address : hiddenAddress);
    }
  }

  private void exchange(Face wanted) throws IOException {
    // The last look before dup2: a number that is no longer our socket is none of our business.
    if (isOpen()) {
      int before = face == Face.SHARED ? shared : hidden;
      Exchange.put(wanted == Face.SHARED ? shared : hidden, server, before);
    }
  }

  /** Whether the server still has one of the faces under its number. */
  boolean isOpen() {
    if (released) {
      return false; // the numbers of its faces may mean something else by now
    }
    String now = Descriptors.target(server);
    return now.equals(Descriptors.target(shared)) || now.equals(Descriptors.target(hidden));
  }

  /**
   * The two faces, and which of them lies under the server's descriptor; null when the server has
   * closed that.
   *
   * @param switchable whether it can be exchanged at all
   */
  synchronized @Nullable Offer offer(boolean switchable) {
    if (!isOpen()) {
      return null;
    }
    Message message =
        Message.of(Verb.REOFFER)
            .with("listener", listener)
            .with("listening", owner != null)
            .with("face", face == Face.SHARED ? "shared" : "private")
            .with("switchable", switchable)
            .with("fds", "shared,private");
    return new Offer(message, Descriptors.of(shared), Descriptors.of(hidden));
  }

  /** Gives the faces back, not in the middle of a switch. The listener lives on elsewhere. */
  synchronized void close() {
    released = true;
    Descriptors.close(shared);
    Descriptors.close(hidden);
  }
}
