package dev.baton.supervisor.resource;

import static dev.baton.supervisor.resource.Listening.access;
import static dev.baton.supervisor.resource.Listening.awaitQueue;
import static dev.baton.supervisor.resource.Listening.backlog;
import static dev.baton.supervisor.resource.Listening.everywhere;
import static dev.baton.supervisor.resource.Listening.freePort;
import static dev.baton.supervisor.resource.Listening.http;
import static dev.baton.supervisor.resource.Listening.message;
import static dev.baton.supervisor.resource.Listening.reach;
import static dev.baton.supervisor.resource.Listening.reusePort;
import static dev.baton.supervisor.resource.Listening.target;
import static dev.baton.supervisor.resource.Listening.v6only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.jdk.Descriptors;
import dev.baton.jdk.ServerSockets;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.resource.ListenerTable.Place;
import dev.baton.testing.NothingLeft;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of a listener, as the kernel shows them. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class ListenerOptionsTest {
  private static final Place WEB = new Place("web", 0);

  /** A queue of this backlog takes one more: the kernel asks whether it is longer already. */
  private static final int FULL_AT_3 = 4;

  @TempDir private Path folder = Path.of("");
  @TempDir private Path own = Path.of("");

  private ListenerTable<String> table = new ListenerTable<>(Path.of(""), 16);

  @BeforeEach
  void make() {
    table = new ListenerTable<>(own, 16);
  }

  @AfterEach
  void close() throws IOException {
    table.close();
  }

  // v6only

  @Test
  void v6onlyLeavesIpv4ToOthers() throws Exception {
    Address address = everywhere(freePort());
    open(v6only(address));

    try (ServerSocket other = new ServerSocket(address.port(), 1, ipv4Loopback())) {
      assertTrue(other.isBound());
      assertTrue(ServerSockets.isV6only(shared(address, 0)));
    }
  }

  @Test
  void everyAddressIsIpv4TooWithoutIt() throws Exception {
    Address address = everywhere(freePort());
    open(http(address));

    assertThrows(
        IOException.class, () -> new ServerSocket(address.port(), 1, ipv4Loopback()).close());
    assertFalse(ServerSockets.isV6only(shared(address, 0)));
  }

  @Test
  void v6onlyOfAnIpv4AddressIsRefused() throws Exception {
    ListenerConfig listener = v6only(freePort());

    assertTrue(message(refused(listener)).contains("v6only is for IPv6 addresses"));
  }

  @Test
  void v6onlyOfAHeldSocketIsRefusedWithWhatToDo() throws Exception {
    Address address = everywhere(freePort());
    open(http(address));

    String why = message(refused(v6only(address)));

    assertTrue(why.contains("held with v6only = false"), why);
    assertTrue(why.contains("or stop service web first"), why);
  }

  // Backlog

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void backlogOfAHeldSocketIsRaised(boolean unix) throws Exception {
    Address address = unix ? Address.unix(folder.resolve("s").toString()) : freePort();
    open(backlog(address, 3));
    String before = target(shared(address, 0));
    try (Clients first = Clients.attempt(address, 20)) {
      awaitQueue(address, FULL_AT_3);
      assertEquals(FULL_AT_3, AcceptQueues.read().length(address));

      open(backlog(address, 300));

      try (Clients second = Clients.attempt(address, 100)) {
        awaitQueue(address, FULL_AT_3 + 100);
        assertEquals(120, first.size() + second.size());
      }
    }
    assertEquals(before, target(shared(address, 0)));
    assertEquals(300, table.grant("one", WEB, address, Family.INET).backlog());
    assertEquals(300, table.held().get(0).backlog());
  }

  // Reuse-port groups

  @Test
  void everySlotOfAGroupHasASocketOfItsOwn() throws Exception {
    Address address = freePort();
    open(reusePort(address));
    assertEquals(1, table.held().get(0).sockets());

    List<String> sockets =
        List.of(target(shared(address, 0)), target(shared(address, 1)), target(shared(address, 2)));

    assertEquals(3, sockets.stream().distinct().count());
    assertEquals(sockets.get(1), target(shared(address, 1)));
    assertEquals(3, table.held().get(0).sockets());
  }

  @Test
  void connectionsReachAllMembersOfAGroup() throws Exception {
    Address address = freePort();
    open(reusePort(address));
    for (int slot = 0; slot < 2; slot++) {
      shared(address, slot);
    }

    try (Clients clients = Clients.connect(address, 100)) {
      assertEquals(100, AcceptQueues.read().length(address));
      assertTrue(clients.lostBy(() -> table.closeSlot(WEB)) > 0);

      int left = AcceptQueues.read().length(address);
      assertTrue(0 < left && left < 100, "left " + left);
    }
  }

  @Test
  void closedSlotTakesNoConnectionEvenWhileAWorkerHoldsItsSocket() throws Exception {
    Address address = freePort();
    open(reusePort(address));
    shared(address, 1);
    int worker = Descriptors.duplicate(Descriptors.number(shared(address, 0)));
    try {
      table.closeSlot(WEB);

      try (Clients clients = Clients.connect(address, 50)) {
        assertEquals(50, clients.size());
        assertEquals(50, AcceptQueues.read().length(address));
        assertEquals(1, table.held().get(0).sockets());
      }
    } finally {
      Descriptors.close(worker);
    }
  }

  @Test
  void lastMemberOfAGroupHoldsThePortForTheNextSlot() throws Exception {
    Address address = freePort();
    open(reusePort(address));
    String only = target(shared(address, 0));

    table.closeSlot(WEB);

    assertEquals(1, table.held().get(0).sockets());
    assertEquals(only, target(shared(address, 5)));
  }

  @Test
  void closingASlotLeavesOrdinaryListenersAlone() throws Exception {
    Address address = freePort();
    open(http(address));
    shared(address, 0);

    table.closeSlot(WEB);

    SocketChannel.open(reach(address)).close();
  }

  @Test
  void groupDoesNotShareThePortWithAnotherProcess() throws Exception {
    Address address = freePort();
    try (ServerSocket other = new ServerSocket()) {
      other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      other.bind(reach(address));

      assertEquals("EADDRINUSE", refused(reusePort(address)).errno());
    }
  }

  @Test
  void groupKeepsItsBacklogWhenItGrows() throws Exception {
    Address address = freePort();
    open(reusePort(address));
    shared(address, 0);
    ListenerConfig small = new ListenerConfig("http", address, 2, false, true, "", "");

    open(small);
    shared(address, 1);

    try (Clients clients = Clients.attempt(address, 50)) {
      assertEquals(50, clients.size());
      awaitQueue(address, 6);
      assertEquals(6, AcceptQueues.read().length(address)); // three in each
    }
  }

  // Mode and owner

  @Test
  void modeIsThatOfThePath() throws Exception {
    Address address = unix("s");
    open(access(address, "0606", ""));

    assertEquals(0606, mode(address));
    SocketChannel.open(reach(address)).close();
  }

  @Test
  void modeOfAHeldSocketChanges() throws Exception {
    Address address = unix("s");
    open(access(address, "600", ""));
    String before = target(shared(address, 0));

    open(access(address, "666", ""));

    assertEquals(0666, mode(address));
    assertEquals(before, target(shared(address, 0)));
  }

  @Test
  void modeStaysWithThePathThatIsPutBack() throws Exception {
    Address address = unix("s");
    open(access(address, "606", ""));

    Files.delete(Path.of(address.path()));
    shared(address, 0);

    assertEquals(0606, mode(address));
  }

  @Test
  void ownerMayBeGivenByRoot() throws Exception {
    assumeTrue(RunDirectory.uid() == 0, "only root can give a socket away");
    Address address = unix("s");

    open(access(address, "0660", "1234:4321"));

    Path path = Path.of(address.path());
    assertEquals(1234, Files.getAttribute(path, "unix:uid"));
    assertEquals(4321, Files.getAttribute(path, "unix:gid"));
    open(access(address, "0660", ":5432"));
    assertEquals(1234, Files.getAttribute(path, "unix:uid"));
    assertEquals(5432, Files.getAttribute(path, "unix:gid"));
  }

  @Test
  void ownerCannotBeGivenByOthers() throws Exception {
    assumeTrue(RunDirectory.uid() != 0, "root can give a socket to anybody");
    ListenerConfig listener = access(unix("s"), "", "0:0");

    ResourceException refused = refused(listener);

    assertEquals("EPERM", refused.errno());
    assertTrue(message(refused).contains("only root"), message(refused));
    nothingIsLeftIn(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "0999, '',            is no octal number such as 0660",
    "77,   '',            is no octal number such as 0660",
    "4755, '',            is no octal number such as 0660",
    "'',   no-such-user,  this host has no user 'no-such-user'",
    "'',   :no-such-group,this host has no group 'no-such-group'",
    "'',   a:b:c,         'is none of USER, USER:GROUP and :GROUP'",
    "'',   a:,            'is none of USER, USER:GROUP and :GROUP'"
  })
  void accessThatCannotBeHadIsRefused(String mode, String owner, String why) {
    String refused = message(refused(access(unix("s"), mode, owner)));

    assertTrue(refused.startsWith("cannot listen on http (unix:/"), refused);
    assertTrue(refused.contains(why), refused);
    nothingIsLeftIn(folder);
  }

  @Test
  void modeOfAPortIsRefused() throws Exception {
    ListenerConfig listener = access(freePort(), "0660", "");

    assertTrue(message(refused(listener)).contains("for unix sockets only"));
  }

  @Test
  void directoryThatDoesNotExistIsNamed() {
    ResourceException refused = refused(http(unix("none/s")));

    assertEquals("ENOENT", refused.errno());
    assertTrue(message(refused).contains("there is no directory " + folder.resolve("none")));
  }

  @Test
  void linkThatTakesTheSocketsPlaceIsNotFollowed() throws Exception {
    Address address = unix("s");
    open(access(address, "600", ""));
    Path precious = Files.writeString(folder.resolve("precious"), "data");
    Files.setAttribute(precious, "unix:mode", 0600);
    Path path = Path.of(address.path());
    Files.delete(path);
    Files.createSymbolicLink(path, precious);

    assertThrows(
        IOException.class, () -> Access.wanted(access(address, "666", "")).apply(path, own));

    assertEquals(0600, (int) Files.getAttribute(precious, "unix:mode") & 07777);
  }

  /** Where a link into our own directory is impossible, nobody else may change the socket's. */
  @Test
  void modeOnAnotherFileSystemIsSetOnlyWhereNobodyInterferes() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(folder)),
        "needs a second file system");
    Path far = Files.createTempDirectory(memory, "baton");
    try (ListenerTable<String> other = new ListenerTable<>(far, 16)) {
      Address address = unix("s");

      other.open("web", List.of(access(address, "606", "")));
      assertEquals(0606, mode(address));

      Files.setAttribute(folder, "unix:mode", 0777);
      ResourceException refused =
          assertThrows(
              ResourceException.class,
              () -> other.open("web", List.of(access(address, "660", ""))));
      assertTrue(message(refused).contains("others may change " + folder), message(refused));
      assertEquals(0606, mode(address));
    } finally {
      Files.delete(far);
    }
  }

  private void open(ListenerConfig listener) throws ResourceException {
    table.open("web", List.of(listener));
  }

  private ResourceException refused(ListenerConfig listener) {
    return assertThrows(ResourceException.class, () -> open(listener));
  }

  private FileDescriptor shared(Address address, int slot) throws IOException {
    return table.grant("worker" + slot, new Place("web", slot), address, Family.INET).shared();
  }

  private Address unix(String name) {
    return Address.unix(folder.resolve(name).toString());
  }

  private static int mode(Address address) throws IOException {
    return (int) Files.getAttribute(Path.of(address.path()), "unix:mode") & 07777;
  }

  private static void nothingIsLeftIn(Path folder) {
    assertEquals(0, Objects.requireNonNull(folder.toFile().list()).length);
  }

  private static InetAddress ipv4Loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
