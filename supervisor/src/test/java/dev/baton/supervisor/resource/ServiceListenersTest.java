package dev.baton.supervisor.resource;

import static dev.baton.supervisor.resource.Listening.access;
import static dev.baton.supervisor.resource.Listening.awaitQueue;
import static dev.baton.supervisor.resource.Listening.backlog;
import static dev.baton.supervisor.resource.Listening.everywhere;
import static dev.baton.supervisor.resource.Listening.freePort;
import static dev.baton.supervisor.resource.Listening.http;
import static dev.baton.supervisor.resource.Listening.message;
import static dev.baton.supervisor.resource.Listening.reach;
import static dev.baton.supervisor.resource.Listening.target;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.resource.ListenerTable.Held;
import dev.baton.supervisor.resource.ListenerTable.Place;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Listeners of several services: whose they are, and that all come or none. */
@ExtendWith(NothingLeft.class)
final class ServiceListenersTest {
  @TempDir private Path folder = Path.of("");

  private ListenerTable<String> table = new ListenerTable<>(Path.of(""), 16);

  @BeforeEach
  void make() {
    table = new ListenerTable<>(folder, 16);
  }

  @AfterEach
  void close() throws IOException {
    table.close();
  }

  @Test
  void addressOfOneServiceIsRefusedToTheWorkersOfAnother() throws Exception {
    Address address = freePort();
    table.open("web", List.of(http(address)));

    ResourceException refused = refusedToBind("mail", address);

    assertEquals("EADDRINUSE", refused.errno());
    assertTrue(message(refused).contains("service web has it"), message(refused));
    assertFalse(table.hasGranted("worker", address));
  }

  @Test
  void addressThatAWorkerBoundBelongsToItsService() throws Exception {
    Address address = freePort();
    bind("web", address);

    String refused = message(refused("mail", http(address)));

    assertTrue(refused.contains("service web has it, because its workers have bound it"), refused);
    assertEquals(
        List.of(new Held("web", address.toString(), address, 16, 1, false, false)), table.held());
  }

  @Test
  void boundListenerBecomesAConfiguredOneWithTheSameSocket() throws Exception {
    Address address = freePort();
    String before = bind("web", address);

    table.open("web", List.of(backlog(address, 77)));

    assertEquals(before, bind("web", address));
    assertEquals(List.of(new Held("web", "http", address, 77, 1, false, true)), table.held());
  }

  @Test
  void portThatAListenerOfOursCoversIsExplained() throws Exception {
    Address address = freePort();
    table.open("web", List.of(http(everywhere(address))));

    String refused = message(refused("mail", http(address)));

    assertTrue(refused.contains("http (tcp:*:" + address.port() + ") of service web"), refused);
  }

  @Test
  void takenPortLeavesNothingNewOpenAndWhatWasOpenAsItWas() throws Exception {
    Address held = freePort();
    Address free = freePort();
    Address path = Address.unix(folder.resolve("new").toString());
    table.open("web", List.of(backlog(held, 3)));
    String before = bind("web", held);
    long sockets = sockets();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Address taken = Address.parse("127.0.0.1:" + other.getLocalPort());
      Map<String, List<ListenerConfig>> wanted = new LinkedHashMap<>();
      wanted.put("web", List.of(backlog(held, 30), http(free)));
      wanted.put("mail", List.of(http(path), http(taken)));

      ResourceException refused =
          assertThrows(ResourceException.class, () -> table.prepare(wanted));

      assertTrue(message(refused).startsWith("cannot listen on http (" + taken + ")"));
      assertEquals(sockets + 1, sockets()); // that of the other
    }
    assertEquals(List.of(new Held("web", "http", held, 3, 1, false, true)), table.held());
    assertEquals(before, bind("web", held));
    assertFalse(Files.exists(Path.of(path.path())));
    try (Clients clients = Clients.attempt(held, 20)) {
      awaitQueue(held, 4);
      assertEquals(4, AcceptQueues.read().length(held)); // one more than the backlog
      assertEquals(20, clients.size());
    }
  }

  @Test
  void preparationThatIsNotKeptIsTakenBack() throws Exception {
    Address path = Address.unix(folder.resolve("s").toString());
    Address port = freePort();
    table.open("web", List.of(access(path, "600", "")));
    List<Held> before = table.held();

    try (Preparation given =
        table.prepare(Map.of("web", List.of(access(path, "666", ""), http(port))))) {
      assertEquals(2, table.held().size());
      assertEquals(0666, mode(path));
      assertEquals(Preparation.class, given.getClass());
    }

    assertEquals(before, table.held());
    assertEquals(0600, mode(path));
    assertThrows(IOException.class, () -> SocketChannel.open(reach(port)).close());
  }

  @Test
  void preparationThatIsKeptStays() throws Exception {
    Address port = freePort();

    try (Preparation given = table.prepare(Map.of("web", List.of(http(port))))) {
      given.keep();
    }

    SocketChannel.open(reach(port)).close();
  }

  @Test
  void listenerMovesToTheServiceThatWantsItInstead() throws Exception {
    Address address = freePort();
    table.open("web", List.of(http(address)));
    String before = bind("web", address);

    table.prepare(Map.of("web", List.of(), "shop", List.of(http(address)))).keep();
    table.close("web", address);

    assertEquals(before, bind("shop", address));
  }

  @Test
  void listenerThatTwoServicesWantIsRefused() throws Exception {
    Address address = freePort();
    Map<String, List<ListenerConfig>> wanted = new LinkedHashMap<>();
    wanted.put("web", List.of(http(address)));
    wanted.put("mail", List.of(http(address)));

    ResourceException refused = assertThrows(ResourceException.class, () -> table.prepare(wanted));

    assertTrue(message(refused).contains("service web has it"), message(refused));
    assertTrue(table.held().isEmpty());
  }

  @Test
  void closedListenerCanBeHadByAnotherService() throws Exception {
    Address address = freePort();
    table.open("web", List.of(http(address)));

    table.close("web", address);

    table.open("mail", List.of(http(address)));
  }

  @Test
  void closingAServiceClosesItsListenersAndPathsOnly() throws Exception {
    Address path = Address.unix(folder.resolve("s").toString());
    Address bound = freePort();
    Address others = freePort();
    table.open("web", List.of(http(path)));
    bind("web", bound);
    table.open("mail", List.of(http(others)));

    table.closeService("web");

    assertEquals(List.of(others), table.addresses());
    assertFalse(Files.exists(Path.of(path.path())));
    table.forget("worker");
  }

  private String bind(String service, Address address) throws IOException {
    return target(table.grant("worker", new Place(service, 0), address, Family.INET).shared());
  }

  private ResourceException refusedToBind(String service, Address address) {
    return assertThrows(ResourceException.class, () -> bind(service, address));
  }

  private ResourceException refused(String service, ListenerConfig listener) {
    return assertThrows(ResourceException.class, () -> table.open(service, List.of(listener)));
  }

  private static int mode(Address address) throws IOException {
    return (int) Files.getAttribute(Path.of(address.path()), "unix:mode") & 07777;
  }

  private static long sockets() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(one -> Listening.isSocket(one)).count();
    }
  }
}
