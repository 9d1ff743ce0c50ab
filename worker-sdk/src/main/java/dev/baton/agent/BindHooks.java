package dev.baton.agent;

import dev.baton.agent.weave.Hooks;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.SocketOwner;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the application binds. A bind that the broker grants puts the shared socket
 * under the application's descriptor and is done; the JDK's own listen and getsockname then see the
 * address that clients know. When that is over, and before anything can accept, the private face
 * takes its place.
 *
 * <p>Runs on the application's threads, inside its bind.
 */
final class BindHooks {
  // Not from hooks but from the public API, see dev.baton.worker
  private static final String ATTACH = "attach";
  private static final String LOG = "log";
  private static final String READY = "ready";
  private static final String STATUS = "status";
  private static final String LISTEN = "listen";
  private static final String LEASE = "lease";
  private static final String STORE = "store";
  private static final String RESTORE = "restore";
  private static final String DISCARD = "discard";
  private static final String NUMBER = "number";

  /** Deep enough for every way from a public bind to the hook, with a proxy or two between. */
  private static final int MAX_FRAMES = 16;

  private static final Set<String> SERVERS =
      Set.of(
          "java.net.ServerSocket",
          "sun.nio.ch.ServerSocketChannelImpl",
          "sun.nio.ch.AsynchronousServerSocketChannelImpl");
  private static final Set<String> DATAGRAMS = Set.of("sun.nio.ch.DatagramChannelImpl");
  private static final Set<String> NETTY_SERVERS =
      Set.of("EpollServerSocketChannel", "EpollServerDomainSocketChannel");
  private static final Set<String> NETTY_DATAGRAMS =
      Set.of("EpollDatagramChannel", "EpollDomainDatagramChannel");

  /** What this thread was granted and has not finished binding. */
  private static final ThreadLocal<@Nullable Grant> BINDING = new ThreadLocal<>();

  // Written once by premain, before the application runs.
  private static volatile @Nullable BindHooks installed;

  private final Broker broker;
  private final HeldPaths heldPaths;

  private BindHooks(Broker broker, HeldPaths heldPaths) {
    this.broker = broker;
    this.heldPaths = heldPaths;
  }

  static void start(Broker broker, HeldPaths heldPaths) {
    installed = new BindHooks(broker, heldPaths);
  }

  /** The events of {@link Hooks}; the first argument is the event's name. */
  static Object on(Object[] call) {
    BindHooks hooks = installed;
    String event = (String) call[0];
    if (hooks == null) {
      return nothing(event, call);
    }
    try {
      return hooks.handle(event, call);
    } catch (IOException e) {
      throw Thrown.unchecked(e); // the hooked methods declare it
    } catch (RuntimeException | LinkageError e) {
      // A fault of ours, or a JDK with other insides: the application still gets its bind.
      Notice.print("hook " + event + " failed, going on without the supervisor: " + e);
      return nothing(event, call);
    }
  }

  /** The answer after which the hooked method goes on as if there were no hook. */
  private static Object nothing(String event, Object[] call) {
    return event.equals(Hooks.BACKLOG) ? call[1] : (Object) false;
  }

  private Object handle(String event, Object[] call) throws IOException {
    return switch (event) {
      case Hooks.NET_BIND ->
          netBind((FileDescriptor) call[1], (InetAddress) call[2], (int) call[3]);
      case Hooks.UNIX_BIND ->
          isCalledBy(SERVERS) && grant((FileDescriptor) call[1], (Path) call[2]);
      case Hooks.BOUND, Hooks.NETTY_BOUND -> bound(event, call[1]);
      case Hooks.BACKLOG -> backlog((int) call[1]);
      case Hooks.NETTY_BIND -> nettyBind(call[1], call[2]);
      case Hooks.DELETE -> heldPaths.isHeld(path(call[1]));
      case ATTACH -> broker.isAttached();
      case LOG -> log((String) call[1]);
      case READY -> say(Message.of(Verb.READY));
      case STATUS -> say(Message.of(Verb.STATUS).with("text", (String) call[1]));
      case LISTEN -> listen(call[1]);
      case LEASE -> broker.leaseFile((String) call[1]);
      case STORE -> store((String) call[1], call[2]);
      case RESTORE -> restore((String) call[1]);
      case DISCARD -> discard((String) call[1]);
      case NUMBER -> Descriptors.number(Descriptors.of((Channel) call[1]));
      default -> throw new IllegalStateException("unknown event " + event);
    };
  }

  private boolean netBind(FileDescriptor socket, InetAddress address, int port) throws IOException {
    BINDING.remove();
    boolean datagram = isCalledBy(DATAGRAMS);
    // A client may bind too, to choose its own address: that is none of our business.
    if (port == 0 || !(datagram || isCalledBy(SERVERS))) {
      return false;
    }
    return grant(socket, BindRequest.inet(datagram ? "udp" : "tcp", address, port, socket));
  }

  private boolean grant(FileDescriptor socket, Path path) throws IOException {
    BINDING.remove();
    return grant(socket, BindRequest.unix(path));
  }

  private boolean nettyBind(Object socket, Object address) throws IOException {
    BINDING.remove();
    boolean datagram = isCalledBy(NETTY_DATAGRAMS);
    if (!datagram && !isCalledBy(NETTY_SERVERS)) {
      return false;
    }
    FileDescriptor descriptor = Descriptors.of(NettyObjects.number(socket));
    if (address instanceof InetSocketAddress inet) {
      InetAddress host = inet.getAddress();
      return host != null
          && inet.getPort() != 0
          && grant(
              descriptor,
              BindRequest.inet(datagram ? "udp" : "tcp", host, inet.getPort(), descriptor));
    }
    String path = NettyObjects.path(address);
    return path != null && !datagram && grant(descriptor, BindRequest.unix(Path.of(path)));
  }

  private boolean grant(FileDescriptor socket, BindRequest request) throws IOException {
    Grant grant = broker.bind(Descriptors.number(socket), request);
    if (grant == null) {
      return false;
    }
    BINDING.set(grant);
    return true;
  }

  /** The server has read its address. From here on only the supervisor decides what it accepts. */
  private Object bound(String event, Object server) {
    Grant grant = BINDING.get();
    if (grant != null) { // else a client has bound, or a server that is none of ours
      BINDING.remove();
      broker.bound(grant, owner(event, server));
    }
    return false;
  }

  private static SocketOwner owner(String event, Object server) {
    return event.equals(Hooks.NETTY_BOUND)
        ? SocketOwner.of(server, NettyObjects.eventLoop(server))
        : SocketOwner.of(server);
  }

  /** The application's listen would shrink the queue that all generations share. */
  private int backlog(int wanted) {
    Grant grant = BINDING.get();
    return grant == null ? wanted : Math.max(wanted, grant.backlog());
  }

  /** The stream and a path by which this process reaches the same file. */
  private Object[] log(String name) throws IOException {
    FileOutputStream log = broker.logFile(name);
    return new Object[] {log, Descriptors.link(Descriptors.number(log.getFD()))};
  }

  private Object say(Message message) {
    broker.say(message);
    return true;
  }

  @SuppressWarnings("unchecked") // the type that is part of no protocol but this
  private Object listen(Object listener) {
    broker.standing().listen((Consumer<Object[]>) listener);
    return true;
  }

  private Object store(String name, Object what) throws IOException {
    broker.keeping().store(name, what);
    return true;
  }

  /** Nothing of a kind that is neither bytes nor a channel when there is nothing. */
  private Object restore(String name) throws IOException {
    Object restored = broker.keeping().restore(name);
    return restored == null ? false : restored;
  }

  private Object discard(String name) throws IOException {
    broker.keeping().discard(name);
    return true;
  }

  private static Path path(Object file) {
    return file instanceof File old ? old.toPath() : (Path) file;
  }

  private static boolean isCalledBy(Set<String> types) {
    // Not a StackWalker: its streams would be the first of many an application.
    StackTraceElement[] frames = new Throwable().getStackTrace();
    for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
      String name = frames[i].getClassName();
      if (types.contains(name) || isNettyOf(types, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNettyOf(Set<String> types, String name) {
    return name.contains("io.netty.channel.epoll.")
        && types.contains(name.substring(name.lastIndexOf('.') + 1));
  }
}
