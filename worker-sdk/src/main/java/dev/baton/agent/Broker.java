package dev.baton.agent;

import dev.baton.agent.Grant.Face;
import dev.baton.channel.Connection.Received;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Exchange;
import dev.baton.jdk.SocketOwner;
import dev.baton.jdk.Sockets;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of the broker: asks the supervisor for listeners, keeps what was granted and
 * carries out the supervisor's orders on it.
 */
final class Broker implements Orders {
  private final Environment environment;
  private final HeldPaths heldPaths;
  private final Preparation preparation;
  private final List<Grant> grants = new CopyOnWriteArrayList<>();
  private final boolean switchable = Exchange.isPossible();

  // Mutable state, guarded by this
  private @Nullable Attachment attachment;
  private boolean refused;

  Broker(Environment environment, HeldPaths heldPaths, Preparation preparation) {
    this.environment = environment;
    this.heldPaths = heldPaths;
    this.preparation = preparation;
  }

  /**
   * Asks for the address and, when it is granted, puts the shared socket under the descriptor.
   *
   * @return null when the application has to bind for itself
   * @throws BindException when the supervisor says the address cannot be had
   */
  @Nullable Grant bind(int server, BindRequest request) throws IOException {
    Attachment supervisor = attachment();
    if (supervisor == null) {
      return null;
    }
    Received answer;
    try {
      releaseClosed();
      answer = supervisor.ask(request.message());
    } catch (IOException e) {
      Notice.print("binding " + request.address() + " without the supervisor: " + e.getMessage());
      return null;
    }
    Message message = answer.message();
    try {
      if (message.is(Verb.LOCAL)) {
        return null;
      }
      if (message.is(Verb.DENY)) {
        throw new BindException(message.text("reason"));
      }
      return take(server, request, answer);
    } finally {
      answer.closeDescriptors();
    }
  }

  private Grant take(int server, BindRequest request, Received answer) throws IOException {
    Message message = answer.message();
    if (!message.is(Verb.GRANT)
        || !message.text("fds").equals("shared,private")
        || answer.descriptors().size() != 2) {
      throw new ProtocolException("not a grant of two faces: " + message);
    }
    for (FileDescriptor face : answer.descriptors()) {
      if (Sockets.isStream(face) != Sockets.isListening(face)) {
        throw new ProtocolException(message.text("listener") + " came as a socket of a wrong kind");
      }
    }
    Grant grant = grant(server, answer);
    if (request.isUnix()) {
      heldPaths.hold(Path.of(request.address()));
    }
    try {
      grant.begin();
    } catch (IOException e) {
      grant.close();
      throw e;
    }
    grants.add(grant);
    return grant;
  }

  /** Of duplicates, because the connection closes every descriptor it received when it closes. */
  private static Grant grant(int server, Received answer) throws IOException {
    Message message = answer.message();
    int backlog = (int) message.number("backlog");
    int shared = duplicate(answer, 0);
    int hidden = -1;
    try {
      hidden = duplicate(answer, 1);
      return new Grant(message.text("listener"), server, shared, hidden, backlog);
    } catch (IOException | RuntimeException e) {
      Descriptors.close(shared);
      if (hidden >= 0) {
        Descriptors.close(hidden);
      }
      throw e;
    }
  }

  private static int duplicate(Received answer, int index) throws IOException {
    return Descriptors.duplicate(Descriptors.number(answer.descriptors().get(index)));
  }

  /** The server has bound: hides it on its private face, and says so. */
  void bound(Grant grant, SocketOwner owner) {
    try {
      grant.boundBy(owner);
      if (switchable) {
        grant.hide();
      }
      Attachment supervisor = attachment();
      if (supervisor != null) {
        supervisor.tell(
            Message.of(Verb.LISTENING)
                .with("listener", grant.listener())
                .with("switchable", switchable));
      }
    } catch (IOException e) {
      // The server listens; that the supervisor does not know will show at its start deadline.
      Notice.print("listens on " + grant.listener() + " but cannot say so: " + e.getMessage());
    }
  }

  @Override
  public void switchTo(String face) throws IOException {
    for (Grant grant : grants) {
      grant.switchTo(Face.valueOf(face));
    }
  }

  @Override
  public int acceptedConnections() throws IOException {
    List<SocketAddress> addresses = new ArrayList<>();
    for (Grant grant : grants) {
      addresses.add(grant.address());
    }
    return Sockets.acceptedConnections(local -> isOneOf(addresses, local));
  }

  private static boolean isOneOf(List<SocketAddress> listeners, SocketAddress local) {
    // A wildcard listener accepts with the address the client chose: only the port says whose it
    // is.
    return listeners.stream()
        .anyMatch(
            listener ->
                (listener instanceof InetSocketAddress a && local instanceof InetSocketAddress b)
                    ? a.getPort() == b.getPort()
                    : listener.equals(local));
  }

  /** Tells the supervisor which listeners the application has closed since we last looked. */
  private void releaseClosed() throws IOException {
    for (Grant grant : List.copyOf(grants)) {
      if (!grant.isOpen() && grants.remove(grant)) {
        grant.close();
        Attachment supervisor = attachment();
        if (supervisor != null) {
          supervisor.tell(Message.of(Verb.RELEASED).with("listener", grant.listener()));
        }
      }
    }
  }

  /** The connection to the supervisor, made at the first use; null when it is not to be had. */
  private synchronized @Nullable Attachment attachment() {
    if (attachment == null && !refused) {
      try {
        preparation.await();
        attachment = Attachment.open(environment, this);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // this bind goes alone, the next one tries again
      } catch (IOException e) {
        // Another JVM of this worker came first, or the supervisor is gone: bind as if alone.
        refused = true;
        Notice.print("not attached, binding without the supervisor: " + e.getMessage());
      }
    }
    return attachment;
  }
}
