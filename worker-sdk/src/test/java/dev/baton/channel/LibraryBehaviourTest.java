package dev.baton.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.newsclub.net.unix.AFServerSocket;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketPair;
import org.newsclub.net.unix.FileDescriptorCast;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What junixsocket and the inside of the JDK do, as far as Baton rests on it. Nothing of Baton is
 * tested here: a failure means that an upgrade changed the ground, and that the code which copes
 * with it must be looked at again.
 */
@Timeout(60)
final class LibraryBehaviourTest {
  private static final int MOST_DESCRIPTORS = 60;

  @TempDir private Path folder;

  /** 17 archives older classes unlinked, and crashes when its own class loader has loaded them. */
  @Test
  void itsClassesAreNotOfJava5() throws Exception {
    Path jar =
        Path.of(AFUNIXSocket.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(file.entries())) {
        if (entry.getName().endsWith(".class")) {
          try (DataInputStream in = new DataInputStream(file.getInputStream(entry))) {
            long start = in.readLong(); // the last two bytes are the major version
            assertTrue((start & 0xffff) >= Opcodes.V1_6, entry.getName());
          }
        }
      }
    }
  }

  // Closing one of the library's sockets shuts it down for everybody.

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingItsSocketOverADuplicateShutsTheListenerDownWhateverIsSet(boolean shutdownOnClose)
      throws Exception {
    try (Listener listener = Listener.open()) {
      AFServerSocket<?> cast = (AFServerSocket<?>) listener.duplicate().as(ServerSocket.class);
      cast.setShutdownOnClose(shutdownOnClose);
      listener.connect();
      cast.close();
      assertThrows(ConnectException.class, listener::connect);
    }
  }

  @Test
  void closingARawDuplicateLeavesTheListenerAlone() throws Exception {
    try (Listener listener = Listener.open()) {
      closeRaw(listener.duplicate().getFileDescriptor());
      listener.connect();
    }
  }

  @Test
  void closingItsSocketOverADuplicateRemovesThePathOfAUnixListener() throws Exception {
    Path path = folder.resolve("socket");
    try (AFUNIXServerSocket listener = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(path))) {
      FileDescriptorCast.duplicating(fd(listener.getFileDescriptor()))
          .as(AFUNIXServerSocket.class)
          .close();
      assertFalse(Files.exists(path));
    }
  }

  @Test
  void closingOneSocketOfAPairBreaksACopyOfItToo() throws Exception {
    try (Pair pair = Pair.open()) {
      FileDescriptor copy =
          FileDescriptorCast.duplicating(fd(pair.sender.getFileDescriptor())).getFileDescriptor();
      pair.sender.close();
      try (FileOutputStream out = new FileOutputStream(copy)) {
        assertThrows(IOException.class, () -> out.write(1));
      }
    }
  }

  @Test
  void closingAServerUnderAThreadInAcceptLeaksNowAndThenTheSocketThatWasToWakeIt()
      throws Exception {
    int leaked = 0;
    for (int round = 0; round < 200 && leaked == 0; round++) {
      leaked = closeUnderAThreadInAccept();
    }
    assertEquals(1, leaked);
  }

  private int closeUnderAThreadInAccept() throws Exception {
    AFUNIXServerSocket server =
        AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(folder.resolve("s")));
    Thread acceptor = new Thread(() -> assertThrows(IOException.class, server::accept));
    acceptor.start();
    awaitInAccept(acceptor);
    Set<Integer> before = openDescriptors();

    server.close();
    acceptor.join();

    Set<Integer> leaked = openDescriptors();
    leaked.removeAll(before);
    leaked.forEach(LibraryBehaviourTest::closeLeaked);
    return leaked.size();
  }

  @Test
  void connectingToNobodyInOneCallLeavesTheSocketOpen() throws Exception {
    Path stale = folder.resolve("stale");
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(stale));
    }
    AFUNIXSocketAddress address = AFUNIXSocketAddress.of(stale);
    Set<Integer> before = openDescriptors();
    assertThrows(SocketException.class, () -> AFUNIXSocket.connectTo(address));

    Set<Integer> leaked = openDescriptors();
    leaked.removeAll(before);
    leaked.forEach(LibraryBehaviourTest::closeLeaked);
    assertEquals(1, leaked.size());
  }

  // Its channels are no channels of the JDK.

  @Test
  void itsChannelForAnInetListenerDoesNotRegisterWithTheSelector() throws Exception {
    try (Listener listener = Listener.open();
        Selector selector = Selector.open();
        ServerSocketChannel cast = listener.duplicate().as(ServerSocketChannel.class)) {
      cast.configureBlocking(false);
      assertThrows(
          IllegalSelectorException.class, () -> cast.register(selector, SelectionKey.OP_ACCEPT));
    }
  }

  // Sixty descriptors a message.

  @Test
  void theReceiveBufferIsZeroUntilSetAndThenAtMost256Bytes() throws Exception {
    try (AFUNIXSocket socket = AFUNIXSocket.newInstance()) {
      assertEquals(0, socket.getAncillaryReceiveBufferSize());
      socket.setAncillaryReceiveBufferSize(4096);
      assertEquals(256, socket.getAncillaryReceiveBufferSize());
    }
  }

  @Test
  void sixtyDescriptorsArriveInOneMessage() throws Exception {
    try (Pair pair = Pair.open()) {
      pair.send(MOST_DESCRIPTORS);
      assertEquals(MOST_DESCRIPTORS, pair.receive().length);
    }
  }

  @Test
  void sixtyOneDescriptorsAreAnErrorAndLeakSixty() throws Exception {
    try (Pair pair = Pair.open()) {
      pair.send(MOST_DESCRIPTORS + 1);
      // Of the file only: a number of something else may be closed meanwhile, and taken again.
      Set<Integer> before = descriptorsOf(pair.file);
      assertThrows(SocketException.class, pair::receive);
      Set<Integer> leaked = descriptorsOf(pair.file);
      leaked.removeAll(before);
      leaked.forEach(LibraryBehaviourTest::closeLeaked);
      assertEquals(MOST_DESCRIPTORS, leaked.size());
    }
  }

  @Test
  void receivedDescriptorsAreNotCloseOnExec() throws Exception {
    try (Pair pair = Pair.open()) {
      pair.send(1);
      assertEquals(0, flags(number(pair.receive()[0])) & 02000000);
    }
  }

  // It owns what it received.

  @Test
  void closingTheConnectionClosesWhatItReceived() throws Exception {
    try (Pair pair = Pair.open()) {
      pair.send(1);
      int received = number(pair.receive()[0]);
      assertEquals(pair.file.toString(), target(received));
      pair.receiver.close();
      assertEquals("", target(received));
    }
  }

  @Test
  void losingTheConnectionToTheGarbageCollectorClosesWhatItReceived() throws Exception {
    int received = receiveAndForget();
    // The timeout of the class ends the wait; there is no other sign of a collection.
    while (!target(received).isEmpty()) {
      System.gc();
      Thread.sleep(10);
    }
  }

  private static int receiveAndForget() throws Exception {
    Pair pair = Pair.open();
    pair.send(1);
    return number(pair.receive()[0]);
  }

  // The kernel's.

  @Test
  void nonBlockingIsAPropertyOfTheDescriptionAndSharedByDuplicates() throws Exception {
    int nonBlocking = 04000;
    try (Listener listener = Listener.open()) {
      FileDescriptor duplicate = listener.duplicate().getFileDescriptor();
      assertEquals(0, flags(number(duplicate)) & nonBlocking);
      listener.channel.configureBlocking(false);
      assertEquals(nonBlocking, flags(number(duplicate)) & nonBlocking);
      closeRaw(duplicate);
    }
  }

  @Test
  void aWriteThatMeetsAFullBufferDropsThePendingDescriptors() throws Exception {
    try (Pair pair = Pair.open();
        FileInputStream file = new FileInputStream(pair.file.toFile())) {
      pair.sender.configureBlocking(false);
      ByteBuffer bytes = ByteBuffer.allocate(4096);
      while (pair.sender.write(bytes.clear()) > 0) {}
      pair.sender.setOutboundFileDescriptors(file.getFD());
      assertEquals(0, pair.sender.write(bytes.clear()));
      assertFalse(pair.sender.hasOutboundFileDescriptors());
    }
  }

  // A descriptor as the output of a child.

  @Test
  void aDescriptorServesOneOutputOfAChildAndStaysOpen() throws Exception {
    Path file = folder.resolve("output");
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      Redirect redirect = FileDescriptorCast.using(out.getFD()).as(Redirect.class);
      ProcessBuilder twice =
          new ProcessBuilder("true").redirectOutput(redirect).redirectError(redirect);
      assertThrows(IOException.class, twice::start);

      assertEquals(0, new ProcessBuilder("echo", "a").redirectOutput(redirect).start().waitFor());
      out.write('b');
    }
    assertEquals("a\nb", Files.readString(file));
  }

  // Who is at the other end.

  @Test
  void theCredentialsOfASocketpairAreItsCreatorsWhoeverHoldsTheOtherEnd() throws Exception {
    try (Pair pair = Pair.open()) {
      FileDescriptor end = fd(pair.receiver.getFileDescriptor());
      Process other =
          new ProcessBuilder("cat")
              .redirectInput(FileDescriptorCast.using(end).as(Redirect.class))
              .start();
      try {
        closeRaw(end);
        assertTrue(other.isAlive(), "cat waits on the other end");
        assertEquals(ProcessHandle.current().pid(), pair.sender.getPeerCredentials().getPid());
      } finally {
        other.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void theCredentialsOnANamedSocketAreThoseOfTheConnectingProcess() throws Exception {
    Path path = folder.resolve("socket");
    try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(path))) {
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Connecting.class.getName(),
                  path.toString())
              .redirectError(Redirect.INHERIT)
              .start();
      try (AFUNIXSocket accepted = server.accept()) {
        assertEquals(other.pid(), accepted.getPeerCredentials().getPid());
      } finally {
        other.destroyForcibly().waitFor();
      }
    }
  }

  /** The other process: connects and waits until it is killed. */
  static final class Connecting {
    private Connecting() {}

    public static void main(String[] args) throws IOException {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
        channel.read(ByteBuffer.allocate(1));
      }
    }
  }

  // It binds over whatever is there.

  @Test
  void bindingReplacesWhateverIsAtThePath() throws Exception {
    Path path = Files.writeString(folder.resolve("precious"), "data");
    try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(path))) {
      assertTrue(server.isBound());
      assertFalse(Files.isRegularFile(path));
    }
  }

  @Test
  void bindingTakesThePathOfALiveListenerAway() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (ServerSocketChannel first = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      first.bind(address);
      try (AFUNIXServerSocket second =
              AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(address.getPath()));
          SocketChannel client = SocketChannel.open(address);
          AFUNIXSocket accepted = second.accept()) {
        assertTrue(client.isConnected() && accepted.isConnected());
      }
    }
  }

  @Test
  void bindingWithoutReuseRefusesThePathOfALiveListener() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (ServerSocketChannel first = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        AFUNIXServerSocket second = AFUNIXServerSocket.newInstance()) {
      first.bind(address);
      second.setReuseAddress(false);
      AFUNIXSocketAddress same = AFUNIXSocketAddress.of(address.getPath());
      assertThrows(SocketException.class, () -> second.bind(same));
      SocketChannel.open(address).close();
    }
  }

  @Test
  void bindingWithoutReuseReplacesAFileAllTheSame() throws Exception {
    Path path = Files.writeString(folder.resolve("precious"), "data");
    try (AFUNIXServerSocket server = AFUNIXServerSocket.newInstance()) {
      server.setReuseAddress(false);
      server.bind(AFUNIXSocketAddress.of(path));
      assertFalse(Files.isRegularFile(path));
    }
  }

  // The inside of the JDK: names and types, the same on 17 and 25.

  @Test
  void netBindsListensAndTellsAddressesAndOptions() throws Exception {
    String net = "sun.nio.ch.Net";
    Class<?> fd = FileDescriptor.class;
    assertStatic(void.class, net, "bind", ProtocolFamily.class, fd, InetAddress.class, int.class);
    assertStatic(void.class, net, "listen", fd, int.class);
    assertStatic(int.class, net, "getIntOption0", fd, boolean.class, int.class, int.class);
    assertStatic(InetSocketAddress.class, net, "localAddress", fd);
    assertStatic(InetSocketAddress.class, net, "remoteAddress", fd);
  }

  @Test
  void unixDomainSocketsBindsAndTellsAddresses() throws Exception {
    String unix = "sun.nio.ch.UnixDomainSockets";
    assertStatic(void.class, unix, "bind", FileDescriptor.class, Path.class);
    assertStatic(UnixDomainSocketAddress.class, unix, "localAddress", FileDescriptor.class);
  }

  @Test
  void inheritedChannelDuplicatesDescriptors() throws Exception {
    String inherited = "sun.nio.ch.InheritedChannel";
    assertStatic(int.class, inherited, "dup", int.class);
    assertStatic(void.class, inherited, "dup2", int.class, int.class);
    assertField(int.class, "java.io.FileDescriptor", "fd");
  }

  @Test
  void epollIsControlledByNumbers() throws Exception {
    Class<?> number = int.class;
    assertStatic(number, "sun.nio.ch.EPoll", "ctl", number, number, number, number);
  }

  @Test
  void nativeThreadSignalsTheThreadsThatChannelsAndSocketsName() throws Exception {
    assertStatic(void.class, "sun.nio.ch.NativeThread", "signal", long.class);
    assertField(long.class, "sun.nio.ch.ServerSocketChannelImpl", "thread");
    assertField(long.class, "sun.nio.ch.NioSocketImpl", "readerThread");
    assertField(long.class, "sun.nio.ch.DatagramChannelImpl", "readerThread");
  }

  @Test
  void serverSocketChannelImplBindsInTwoPrivateMethods() throws Exception {
    String channel = "sun.nio.ch.ServerSocketChannelImpl";
    assertField(FileDescriptor.class, channel, "fd");
    assertField(Object.class, channel, "stateLock");
    assertMethod(SocketAddress.class, channel, "netBind", SocketAddress.class, int.class);
    assertMethod(SocketAddress.class, channel, "unixBind", SocketAddress.class, int.class);
  }

  @Test
  void asynchronousServerSocketChannelImplBindsForItsSubclasses() throws Exception {
    String channel = "sun.nio.ch.AsynchronousServerSocketChannelImpl";
    Method bind = method(channel, "bind", SocketAddress.class, int.class);
    assertTrue(Modifier.isFinal(bind.getModifiers()), bind::toString);
    assertField(FileDescriptor.class, channel, "fd");
  }

  @Test
  void nioSocketImplBindsAndTellsThatItIsClosing() throws Exception {
    String socket = "sun.nio.ch.NioSocketImpl";
    assertMethod(void.class, socket, "bind", InetAddress.class, int.class);
    assertField(Object.class, socket, "stateLock");
    assertField(int.class, socket, "state");
    assertEquals(4, constant(socket, "ST_CLOSING"));
  }

  @Test
  void datagramChannelImplBindsInOnePrivateMethod() throws Exception {
    String channel = "sun.nio.ch.DatagramChannelImpl";
    assertMethod(void.class, channel, "bindInternal", SocketAddress.class);
    assertField(FileDescriptor.class, channel, "fd");
    assertField(Object.class, channel, "stateLock");
  }

  @Test
  void channelsAreMadeFromDescriptors() throws Exception {
    Class<?> provider = SelectorProvider.class;
    Class<?> fd = FileDescriptor.class;
    assertConstructor(
        "sun.nio.ch.ServerSocketChannelImpl", provider, ProtocolFamily.class, fd, boolean.class);
    assertConstructor("sun.nio.ch.DatagramChannelImpl", provider, fd);
  }

  @Test
  void filesAreDeletedInTwoPlaces() throws Exception {
    assertMethod(
        boolean.class,
        "sun.nio.fs.UnixFileSystemProvider",
        "implDelete",
        Path.class,
        boolean.class);
    assertMethod(boolean.class, "java.io.UnixFileSystem", "delete", File.class);
  }

  private static void assertStatic(
      Class<?> result, String type, String name, Class<?>... parameters) throws Exception {
    Method method = method(type, name, parameters);
    assertTrue(Modifier.isStatic(method.getModifiers()), method::toString);
    assertEquals(result, method.getReturnType(), method::toString);
  }

  private static void assertMethod(
      Class<?> result, String type, String name, Class<?>... parameters) throws Exception {
    Method method = method(type, name, parameters);
    assertFalse(Modifier.isStatic(method.getModifiers()), method::toString);
    assertEquals(result, method.getReturnType(), method::toString);
  }

  private static Method method(String type, String name, Class<?>... parameters) throws Exception {
    return Class.forName(type).getDeclaredMethod(name, parameters);
  }

  private static void assertField(Class<?> value, String type, String name) throws Exception {
    assertEquals(value, Class.forName(type).getDeclaredField(name).getType(), type + "." + name);
  }

  private static void assertConstructor(String type, Class<?>... parameters) throws Exception {
    Constructor<?> constructor = Class.forName(type).getDeclaredConstructor(parameters);
    assertNotNull(constructor);
  }

  /** From the class file: reading it by reflection would need the package opened. */
  private static @Nullable Object constant(String type, String name) throws IOException {
    Object[] found = new Object[1];
    ClassVisitor visitor =
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable FieldVisitor visitField(
              int access, String field, String descriptor, String signature, Object value) {
            if (field.equals(name)) {
              found[0] = value;
            }
            return null;
          }
        };
    try (InputStream file =
        Object.class.getModule().getResourceAsStream(type.replace('.', '/') + ".class")) {
      assertNotNull(file, type);
      new ClassReader(file).accept(visitor, ClassReader.SKIP_CODE);
    }
    return found[0];
  }

  /** A listener of the JDK, which the library gets only duplicates of. */
  private record Listener(ServerSocketChannel channel, int number) implements AutoCloseable {
    static Listener open() throws IOException {
      Set<Integer> before = openDescriptors();
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
      // Before anything else opens a descriptor, its number is the new one that is a socket.
      Set<Integer> opened = openDescriptors();
      opened.removeAll(before);
      int number =
          opened.stream().filter(n -> target(n).startsWith("socket:")).findFirst().orElseThrow();
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return new Listener(channel, number);
    }

    FileDescriptorCast duplicate() throws IOException {
      return FileDescriptorCast.duplicating(
          FileDescriptorCast.unsafeUsing(number).getFileDescriptor());
    }

    void connect() throws IOException {
      SocketChannel.open(channel.getLocalAddress()).close();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Two connected sockets of the library, and a file to send descriptors of. */
  private record Pair(AFUNIXSocketChannel sender, AFUNIXSocketChannel receiver, Path file)
      implements AutoCloseable {
    static Pair open() throws IOException {
      AFUNIXSocketPair<AFUNIXSocketChannel> pair = AFUNIXSocketPair.open();
      pair.getSocket2().setAncillaryReceiveBufferSize(512);
      Path file = Path.of(System.getProperty("java.home"), "release").toRealPath();
      return new Pair(pair.getSocket1(), pair.getSocket2(), file);
    }

    void send(int count) throws IOException {
      try (FileInputStream in = new FileInputStream(file.toFile())) {
        FileDescriptor[] descriptors = new FileDescriptor[count];
        Arrays.fill(descriptors, in.getFD());
        sender.setOutboundFileDescriptors(descriptors);
        sender.write(ByteBuffer.allocate(1));
      }
    }

    FileDescriptor[] receive() throws IOException {
      receiver.read(ByteBuffer.allocate(1));
      return receiver.getReceivedFileDescriptors();
    }

    @Override
    public void close() throws IOException {
      sender.close();
      receiver.close();
    }
  }

  private static void awaitInAccept(Thread acceptor) {
    StackTraceElement[] frames;
    do {
      frames = acceptor.getStackTrace();
    } while (frames.length == 0 || !frames[0].getMethodName().equals("accept"));
  }

  private static FileDescriptor fd(@Nullable FileDescriptor descriptor) {
    if (descriptor == null) {
      throw new AssertionError("the socket has no descriptor");
    }
    return descriptor;
  }

  private static int number(FileDescriptor descriptor) throws IOException {
    return FileDescriptorCast.using(descriptor).as(Integer.class);
  }

  private static void closeRaw(FileDescriptor descriptor) throws IOException {
    new FileOutputStream(descriptor).close();
  }

  private static void closeLeaked(int number) {
    try {
      if (!target(number).isEmpty()) {
        closeRaw(FileDescriptorCast.unsafeUsing(number).getFileDescriptor());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<Integer> descriptorsOf(Path file) {
    Set<Integer> numbers = openDescriptors();
    numbers.removeIf(number -> !target(number).equals(file.toString()));
    return numbers;
  }

  private static Set<Integer> openDescriptors() {
    Set<Integer> numbers = new TreeSet<>();
    String[] names = new File("/proc/self/fd").list();
    assertNotNull(names);
    for (String name : names) {
      int number = Integer.parseInt(name);
      // The descriptor of the listing itself is closed by now.
      if (Files.exists(Path.of("/proc/self/fd", name), LinkOption.NOFOLLOW_LINKS)) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** What the number refers to; empty when it is closed. */
  private static String target(int number) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(number))).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static int flags(int number) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", String.valueOf(number)))) {
      if (line.startsWith("flags:")) {
        return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
      }
    }
    throw new AssertionError("no flags of " + number);
  }
}
