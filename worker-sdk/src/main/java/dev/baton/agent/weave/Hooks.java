package dev.baton.agent.weave;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Which methods are hooked, and how. Three kinds of hook are enough:
 *
 * <ul>
 *   <li><b>instead</b>: asks at entry; on true the method returns at once (with true, if it returns
 *       anything), because what it was called for has been done;
 *   <li><b>after</b>: tells before every normal return;
 *   <li><b>backlog</b>: passes the argument of {@code listen} through us.
 * </ul>
 */
public final class Hooks {
  // The events, which become words in the woven classes.
  public static final String NET_BIND = "net-bind";
  public static final String UNIX_BIND = "unix-bind";
  public static final String BOUND = "bound";
  public static final String BACKLOG = "backlog";
  public static final String NETTY_BIND = "netty-bind";
  public static final String NETTY_BOUND = "netty-bound";
  public static final String DELETE = "delete";

  static final String NET = "sun/nio/ch/Net";
  private static final String UNIX = "sun/nio/ch/UnixDomainSockets";
  private static final String SERVER_CHANNEL = "sun/nio/ch/ServerSocketChannelImpl";
  static final String ASYNC_CHANNEL = "sun/nio/ch/AsynchronousServerSocketChannelImpl";
  private static final String SOCKET_IMPL = "sun/nio/ch/NioSocketImpl";
  private static final String DATAGRAM = "sun/nio/ch/DatagramChannelImpl";
  private static final String FILES = "sun/nio/fs/UnixFileSystemProvider";
  private static final String FILE = "java/io/UnixFileSystem";

  // Where the arguments are that a hook instead of the method asks for.
  static final String NET_BIND_TYPE =
      "(Ljava/net/ProtocolFamily;Ljava/io/FileDescriptor;Ljava/net/InetAddress;I)V";
  private static final String UNIX_BIND_TYPE = "(Ljava/io/FileDescriptor;Ljava/nio/file/Path;)V";

  /** Of the JDK, as the JVM names them. */
  public static final List<String> BIND_CLASSES =
      List.of(NET, UNIX, SERVER_CHANNEL, ASYNC_CHANNEL, SOCKET_IMPL, DATAGRAM);

  /** The same, for who holds the paths of sockets. */
  public static final List<String> DELETE_CLASSES = List.of(FILES, FILE);

  // Suffixes, because some frameworks carry Netty under a name of their own.
  private static final String NETTY_SOCKET = "io/netty/channel/unix/Socket";
  private static final List<String> NETTY_CHANNELS =
      List.of(
          "io/netty/channel/epoll/EpollServerSocketChannel",
          "io/netty/channel/epoll/EpollServerDomainSocketChannel",
          "io/netty/channel/epoll/EpollDatagramChannel");

  private Hooks() {}

  /** Whether this is one of Netty's classes to hook when the application loads it. */
  public static boolean isNetty(String type) {
    // Asked for every class that the application loads, mostly of an interpreter.
    char last = type.charAt(type.length() - 1);
    return (last == 't' && type.endsWith(NETTY_SOCKET)) || (last == 'l' && isNettyChannel(type));
  }

  private static boolean isNettyChannel(String type) {
    for (String channel : NETTY_CHANNELS) {
      if (type.endsWith(channel)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the class with its hooks.
   *
   * @throws IllegalStateException when it is not as we know it: an application whose binds are not
   *     hooked serves, one whose classes are broken does not
   */
  public static byte[] weave(String type, byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    Weaver weaver = new Weaver(type, writer);
    reader.accept(weaver, 0);
    if (weaver.hooked < (type.equals(SERVER_CHANNEL) ? 2 : 1)) {
      throw new IllegalStateException(type + " has no method that we know to hook");
    }
    return writer.toByteArray();
  }

  private static final class Weaver extends ClassVisitor {
    private final String type;
    private int hooked;

    Weaver(String type, ClassVisitor next) {
      super(Opcodes.ASM9, next);
      this.type = type;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      MethodVisitor hook = hook(type, name, descriptor, next);
      hooked += hook == next ? 0 : 1;
      return hook;
    }
  }

  private static MethodVisitor hook(
      String type, String name, String descriptor, MethodVisitor next) {
    if (type.endsWith(NETTY_SOCKET)) {
      return name.equals("bind") && descriptor.equals("(Ljava/net/SocketAddress;)V")
          ? new Instead(next, NETTY_BIND, "AA", 0)
          : next;
    }
    if (isNettyChannel(type)) {
      return name.equals("doBind") ? new Backlog(new After(next, NETTY_BOUND)) : next;
    }
    return switch (type) {
      case NET ->
          name.equals("bind") && descriptor.equals(NET_BIND_TYPE)
              ? new Instead(next, NET_BIND, "AAI", 1)
              : next;
      case UNIX ->
          name.equals("bind") && descriptor.equals(UNIX_BIND_TYPE)
              ? new Instead(next, UNIX_BIND, "AA", 0)
              : next;
      case SERVER_CHANNEL ->
          name.equals("netBind") || name.equals("unixBind")
              ? new Backlog(new After(next, BOUND))
              : next;
      case ASYNC_CHANNEL -> name.equals("bind") ? new Backlog(new After(next, BOUND)) : next;
      case SOCKET_IMPL -> name.equals("bind") ? new After(next, BOUND) : next;
      case DATAGRAM -> name.equals("bindInternal") ? new After(next, BOUND) : next;
      case FILES ->
          name.equals("implDelete") && descriptor.equals("(Ljava/nio/file/Path;Z)Z")
              ? new Instead(next, DELETE, "A", 1)
              : next;
      case FILE ->
          name.equals("delete") && descriptor.equals("(Ljava/io/File;)Z")
              ? new Instead(next, DELETE, "A", 1)
              : next;
      default -> next;
    };
  }
}
