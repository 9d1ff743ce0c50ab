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
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of the broker: asks the supervisor for listeners, keeps what was granted and
 * carries out the supervisor's orders on it.
 */
final class Broker implements Orders {
  private static final String LOG_OF_STDOUT = "output";
  private static final String LOG_OF_STDERR = "error";

  private final Environment environment;
  private final HeldPaths heldPaths;
  private final Preparation preparation;
  private final List<Grant> grants = new CopyOnWriteArrayList<>();

  /** Of all grants there were: a listener may be closed before its last connection is. */
  private final Set<SocketAddress> accepted = ConcurrentHashMap.newKeySet();

  private final boolean switchable = Exchange.isPossible();

  /**
   * The named logs we were granted, which are never closed. Changed under its lock, from the
   * question to its answer's being in here: else an order to rotate that comes right behind the
   * answer would not find the file it is about.
   */
  private final Map<String, FileOutputStream> logs = new ConcurrentHashMap<>();

  /** Kept from being collected, which would close them; guarded by itself. */
  private final Map<String, FileOutputStream> leases = new HashMap<>();

  // Mutable state, guarded by this
  private @Nullable Attachment attachment;
  private boolean refused;
  private @Nullable Standing standing;

  Broker(Environment environment, HeldPaths heldPaths, Preparation preparation) {
    this.environment = environment;
    this.heldPaths = heldPaths;
    this.preparation = preparation;
  }

  /** Loads the classes of a bind, for whoever has nothing better to do at the moment. */
  static void prepareToBind() {
    try {
      for (Class<?> type : List.of(Binding.class, Grant.class, SocketOwner.class, Sockets.class)) {
        var unused = Class.forName(type.getName());
      }
    } catch (ClassNotFoundException e) {
      throw new LinkageError("found a moment ago", e);
    }
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
    releaseClosed();
    try {
      return supervisor.ask(request.message(), new Binding(server, request)).orElse(null);
    } catch (Attachment.UnansweredException e) {
      Notice.print("binding " + request.address() + " without the supervisor: " + e.getMessage());
      return null;
    }
  }

  /**
   * What becomes of the answer to a bind; nothing when the application has to bind for itself. A
   * class, not a lambda: the first ones of their kind cost a starting JVM more than a bind does.
   */
  private final class Binding implements Attachment.Taker<Optional<Grant>> {
    private final int server;
    private final BindRequest request;

    Binding(int server, BindRequest request) {
      this.server = server;
      this.request = request;
    }

    @Override
    public Optional<Grant> take(Received answer) throws IOException {
      Message message = answer.message();
      if (message.is(Verb.LOCAL)) {
        return Optional.empty();
      }
      if (message.is(Verb.DENY)) {
        throw new BindException(message.text("reason"));
      }
      check(answer);
      Grant grant = grant(answer);
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
      accepted.add(grant.address());
      return Optional.of(grant);
    }

    private void check(Received answer) throws IOException {
      Message message = answer.message();
      if (!message.is(Verb.GRANT)
          || !message.text("fds").equals("shared,private")
          || answer.descriptors().size() != 2) {
        throw new ProtocolException("not a grant of two faces: " + message);
      }
      for (FileDescriptor face : answer.descriptors()) {
        if (Sockets.isStream(face) != Sockets.isListening(face)) {
          throw new ProtocolException(
              message.text("listener") + " came as a socket of a wrong kind");
        }
      }
    }

    /** Of duplicates: what came with the answer is closed in one place. */
    private Grant grant(Received answer) throws IOException {
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
  }

  /** The server has bound: hides it on its private face, and says so. */
  void bound(Grant grant, SocketOwner owner) {
    try {
      grant.boundBy(owner);
      if (switchable) {
        grant.hide();
      } else {
        standing().switchedOn(); // it stays on what clients connect to
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
    Face wanted = Face.valueOf(face);
    showFace(wanted);
    if (wanted == Face.SHARED) {
      standing().switchedOn();
    }
  }

  @Override
  public void drain(long lingerMillis) throws IOException {
    showFace(Face.PRIVATE);
    standing().drains(lingerMillis);
  }

  private void showFace(Face wanted) throws IOException {
    releaseClosed();
    if (wanted == Face.SHARED && grants.isEmpty() && !accepted.isEmpty()) {
      throw new IOException("the application has closed all its listeners");
    }
    for (Grant grant : grants) {
      grant.switchTo(wanted);
    }
  }

  /** For the application. Not made before it is of use: the way to the first bind is short. */
  synchronized Standing standing() {
    Standing known = standing;
    if (known == null) {
      known = new Standing();
      standing = known;
    }
    return known;
  }

  @Override
  public int acceptedConnections() throws IOException {
    releaseClosed();
    return Sockets.acceptedConnections(local -> isOneOf(accepted, local));
  }

  private static boolean isOneOf(Set<SocketAddress> listeners, SocketAddress local) {
    // A wildcard listener accepts with the address the client chose: only the port says whose it
    // is.
    return listeners.stream()
        .anyMatch(
            listener ->
                (listener instanceof InetSocketAddress a && local instanceof InetSocketAddress b)
                    ? a.getPort() == b.getPort()
                    : listener.equals(local));
  }

  /** Whether there is a supervisor that has taken us as its worker; connects to it if need be. */
  boolean isAttached() {
    return attachment() != null;
  }

  /** Says something about this worker; nobody hears it if there is no supervisor. */
  void say(Message message) {
    Attachment supervisor = attachment();
    if (supervisor != null) {
      supervisor.say(message);
    }
  }

  /**
   * A named log, asked for at the first time. Whoever closes what this returns ends it for all.
   *
   * @throws IOException when the supervisor has none of that name, or is gone
   */
  FileOutputStream logFile(String name) throws IOException {
    synchronized (logs) {
      FileOutputStream known = logs.get(name);
      if (known != null) {
        return known;
      }
      Attachment supervisor = attachment();
      if (supervisor == null) {
        throw new IOException("no supervisor to ask for the log " + name);
      }
      return supervisor.ask(
          Message.of(Verb.LOG).with("name", name),
          answer -> {
            FileOutputStream made = take(answer, "log");
            logs.put(name, made);
            return made;
          });
    }
  }

  /**
   * The file whose lock is a lease. Asked for once a name, and never closed: a lock ends with any
   * descriptor of its file that the process closes.
   *
   * @throws IOException when the supervisor refuses, or is gone
   */
  FileOutputStream leaseFile(String name) throws IOException {
    Attachment supervisor = attachment();
    if (supervisor == null) {
      throw new IOException("no supervisor to ask for the lease " + name);
    }
    synchronized (leases) {
      if (leases.containsKey(name)) {
        throw new IOException("another part of this JVM has asked for the lease " + name);
      }
      FileOutputStream made =
          supervisor.ask(
              Message.of(Verb.LEASE).with("name", name), answer -> take(answer, "lease"));
      leases.put(name, made);
      return made;
    }
  }

  /**
   * For what is to outlive this JVM.
   *
   * @throws IOException when there is no supervisor
   */
  Keeping keeping() throws IOException {
    Attachment supervisor = attachment();
    if (supervisor == null) {
      throw new IOException("there is no supervisor that would keep anything");
    }
    return new Keeping(supervisor);
  }

  private static FileOutputStream take(Received answer, String name) throws IOException {
    Message message = answer.message();
    if (message.is(Verb.DENY)) {
      throw new IOException(message.text("reason"));
    }
    int file = Descriptors.number(Attachment.fileOf(answer, name));
    // Not of an object that has a cleaner: the number is ours as long as this JVM lives.
    return new FileOutputStream(Descriptors.of(Descriptors.duplicate(file)));
  }

  @Override
  public void rotate(String replaces, FileDescriptor file) throws IOException {
    synchronized (logs) {
      replaceIf(replaces, file, 1);
      replaceIf(replaces, file, 2);
      for (FileOutputStream log : logs.values()) {
        replaceIf(replaces, file, Descriptors.number(log.getFD()));
      }
    }
  }

  /**
   * Only for numbers that are never closed: with any other the application could close it, and get
   * it again for something else, between our look and the exchange. The JDK, too, does not close 1
   * and 2 but puts {@code /dev/null} there. A write that is under way needs no lock: it lands in
   * the one file or the other, whole.
   */
  private static void replaceIf(String replaces, FileDescriptor file, int number)
      throws IOException {
    if (Descriptors.file(number).equals(replaces)) {
      Descriptors.replace(Descriptors.number(file), number);
    }
  }

  /** Tells the supervisor which listeners the application has closed since we last looked. */
  private void releaseClosed() {
    Attachment supervisor = known();
    if (supervisor == null) {
      return;
    }
    for (Grant grant : List.copyOf(grants)) {
      if (!grant.isOpen() && grants.remove(grant)) {
        grant.close();
        supervisor.tell(Message.of(Verb.RELEASED).with("listener", grant.listener()));
      }
    }
  }

  @Override
  public List<Offer> offers() throws IOException {
    List<Offer> offers = new ArrayList<>();
    for (Grant grant : grants) {
      Offer offer = grant.offer(switchable);
      if (offer != null) {
        offers.add(offer);
      }
    }
    String output = offerLog(LOG_OF_STDOUT, 1, offers);
    if (!Descriptors.file(2).equals(output)) {
      offerLog(LOG_OF_STDERR, 2, offers);
    }
    for (Map.Entry<String, FileOutputStream> log : logs.entrySet()) {
      offerLog(log.getKey(), Descriptors.number(log.getValue().getFD()), offers);
    }
    return offers;
  }

  /** Returns which file it is; nothing is offered that is no file. */
  private static String offerLog(String name, int number, List<Offer> offers) {
    String file = Descriptors.file(number);
    if (!file.isEmpty()) {
      Message message = Message.of(Verb.REOFFER).with("log", name).with("fds", "log");
      offers.add(new Offer(message, Descriptors.of(number)));
    }
    return file;
  }

  private synchronized @Nullable Attachment known() {
    return attachment;
  }

  /** The connection to the supervisor, made at the first use; null when it is not to be had. */
  private @Nullable Attachment attachment() {
    String trouble;
    synchronized (this) {
      if (attachment != null || refused) {
        return attachment;
      }
      try {
        attachment = Attachment.open(environment, this, preparation);
        return attachment;
      } catch (IOException e) {
        // Another JVM of this worker came first, or the supervisor is gone: live as if alone.
        refused = true;
        trouble = String.valueOf(e.getMessage());
      }
    }
    // Without the lock: behind System.err may be a logger that has to ask us for its file.
    Notice.print("not attached, going on without the supervisor: " + trouble);
    return null;
  }
}
