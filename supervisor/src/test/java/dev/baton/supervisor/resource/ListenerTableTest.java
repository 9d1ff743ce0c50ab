package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.resource.ListenerTable.Faces;
import dev.baton.supervisor.resource.ListenerTable.Place;
import dev.baton.testing.NothingLeft;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the supervisor holds, with real sockets. */
@ExtendWith(NothingLeft.class)
final class ListenerTableTest {
  private static final int BACKLOG = 16;
  private static final Place WEB = new Place("web", 0);

  @TempDir private Path folder = Path.of("");

  private ListenerTable<String> table = new ListenerTable<>(Path.of(""), BACKLOG);

  @BeforeEach
  void make() {
    table = new ListenerTable<>(folder, BACKLOG);
  }

  @AfterEach
  void close() throws IOException {
    table.close();
  }

  @Test
  void allWorkersShareTheSocketAndEachHasAFaceOfItsOwn() throws Exception {
    Address address = freePort();

    Faces one = table.grant("one", WEB, address, Family.INET);
    Faces two = table.grant("two", WEB, address, Family.INET);

    assertEquals(target(one.shared()), target(two.shared()));
    assertNotEquals(target(one.hidden()), target(two.hidden()));
    assertNotEquals(hidden("one", address), hidden("two", address));
    assertEquals(BACKLOG, one.backlog());
  }

  @Test
  void clientsOfTheListenerWaitInItsQueueWhoeverIsThere() throws Exception {
    Address address = freePort();
    open(address);

    try (SocketChannel client = SocketChannel.open(loopback(address))) {
      table.grant("one", WEB, address, Family.INET);
      table.forget("one");

      assertTrue(client.isConnected());
      assertEquals(1, AcceptQueues.read().length(address));
    }
  }

  @Test
  void releasedFaceIsClosedAndCanBeHadAgain() throws Exception {
    Address address = freePort();
    table.grant("one", WEB, address, Family.INET);
    SocketAddress before = hidden("one", address);

    table.release("one", address);

    assertFalse(table.hasGranted("one", address));
    assertThrows(IOException.class, () -> SocketChannel.open(before).close());
    table.grant("one", WEB, address, Family.INET);
    assertTrue(table.hasGranted("one", address));
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void whoWaitsAtAFaceIsSeenByWhoeverAsksUntilItIsClosed(Family family) throws Exception {
    Address address = freePort();
    table.grant("one", WEB, address, family);
    table.grant("two", WEB, address, family);
    Predicate<Address> one = table.privateQueues("one");
    Predicate<Address> two = table.privateQueues("two");
    assertFalse(one.test(address));

    try (SocketChannel client = SocketChannel.open(hidden("one", address))) {
      assertTrue(client.isConnected());
      assertTrue(one.test(address));
      assertFalse(two.test(address));
      assertFalse(one.test(freePort()));

      table.forget("one");

      assertFalse(one.test(address));
    }
  }

  @Test
  void releaseOfWhatWasNeverGrantedDoesNothing() throws Exception {
    table.release("nobody", freePort());
    table.forget("nobody");

    assertTrue(table.addresses().isEmpty());
  }

  @Test
  void portOfAnotherProcessIsRefusedWithWhatToDo() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Address address = Address.parse("127.0.0.1:" + other.getLocalPort());

      ResourceException refused =
          assertThrows(
              ResourceException.class, () -> table.grant("one", WEB, address, Family.INET));

      assertEquals("EADDRINUSE", refused.errno());
      assertTrue(message(refused).contains("ss -ltnp"), message(refused));
    }
  }

  @Test
  void addressOfAnotherHostIsRefused() throws Exception {
    Address address = Address.parse("192.0.2.1:8080");

    ResourceException refused =
        assertThrows(ResourceException.class, () -> table.grant("one", WEB, address, Family.INET));

    assertEquals("EADDRNOTAVAIL", refused.errno());
  }

  @Test
  void pathThatSomebodyRemovesIsPutBack() throws Exception {
    Path path = folder.resolve("app.sock");
    Address address = Address.unix(path.toString());
    table.grant("one", WEB, address, Family.INET);

    Files.delete(path);
    table.grant("two", WEB, address, Family.INET);
    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();

    Files.delete(path);
    table.forget("two");
    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
    table.forget("one");
  }

  @Test
  void closingRemovesEveryPath() throws Exception {
    table.grant("one", WEB, Address.unix(folder.resolve("app.sock").toString()), Family.INET);

    table.close();

    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void closingLeavesAPathThatIsSomebodyElsesNow() throws Exception {
    Path path = folder.resolve("app.sock");
    open(Address.unix(path.toString()));
    Files.delete(path);
    Files.writeString(path, "mine");

    table.close();

    assertEquals("mine", Files.readString(path));
  }

  @Test
  void socketThatADeadProcessLeftIsReplaced() throws Exception {
    Path path = folder.resolve("app.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));

    open(Address.unix(path.toString()));

    SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
  }

  @Test
  void socketOfALivingProcessIsLeftAlone() throws Exception {
    Path path = folder.resolve("app.sock");
    try (ServerSocketChannel living = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      living.bind(UnixDomainSocketAddress.of(path));

      ResourceException refused = refused(path);

      assertEquals("EADDRINUSE", refused.errno());
      SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
    }
  }

  @Test
  void fileInTheWayIsLeftAlone() throws Exception {
    Path path = folder.resolve("precious");
    Files.writeString(path, "data");

    assertTrue(message(refused(path)).contains("is no socket"));
    assertEquals("data", Files.readString(path));
  }

  @Test
  void linkInTheWayIsLeftAlone() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));

    assertTrue(message(refused(link)).contains("is no socket"));
    assertTrue(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void pathTheKernelCannotHoldIsRefusedWithBothFigures() {
    Path path = folder.resolve("x".repeat(120));

    ResourceException refused = refused(path);

    assertEquals("ENAMETOOLONG", refused.errno());
    assertTrue(message(refused).contains("the kernel allows 107"), message(refused));
  }

  private void open(Address address) throws ResourceException {
    table.open("web", List.of(ListenerConfig.of(address, BACKLOG)));
  }

  private ResourceException refused(Path path) {
    return assertThrows(ResourceException.class, () -> open(Address.unix(path.toString())));
  }

  private SocketAddress hidden(String worker, Address address) {
    return Objects.requireNonNull(table.privateAddresses(worker).get(address));
  }

  private static String message(Exception e) {
    return Objects.requireNonNull(e.getMessage());
  }

  private static String target(FileDescriptor descriptor) {
    return Descriptors.target(Descriptors.number(descriptor));
  }

  private static Address freePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Address.parse("127.0.0.1:" + free.getLocalPort());
    }
  }

  private static InetSocketAddress loopback(Address address) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port());
  }
}
