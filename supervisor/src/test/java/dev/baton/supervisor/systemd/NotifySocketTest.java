package dev.baton.supervisor.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.systemd.ServiceManager.Told;
import dev.baton.testing.NothingLeft;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a service manager's socket; each message to the letter. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class NotifySocketTest {
  private static final long PID = 4711;

  @TempDir private Path folder = Path.of("");

  private final List<String> warnings = new ArrayList<>();

  @Test
  void lifeIsTold() throws Exception {
    try (ServiceManager manager = manager();
        NotifySocket socket = open(manager.address())) {
      socket.status("starting");
      socket.ready("2 services serve");
      socket.watchdog();
      socket.reloading(81_000_000_001L);
      socket.ready("2 services serve, 1 restarts");
      socket.mainPid(4712);
      socket.stopping();

      assertEquals(
          List.of(
              "STATUS=starting",
              "READY=1\nSTATUS=2 services serve",
              "WATCHDOG=1",
              "RELOADING=1\nMONOTONIC_USEC=81000000001",
              "READY=1\nSTATUS=2 services serve, 1 restarts",
              "MAINPID=4712",
              "STOPPING=1"),
          manager.messages());
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void managerMayHaveAnAbstractAddress() throws Exception {
    try (ServiceManager manager = new ServiceManager("@baton-test-" + folder.getFileName());
        NotifySocket socket = open(manager.address())) {
      socket.stopping();

      assertEquals(List.of("STOPPING=1"), manager.messages());
    }
  }

  @Test
  void listenerIsStoredUnderItsName() throws Exception {
    try (ServiceManager manager = manager();
        NotifySocket socket = open(manager.address());
        ServerSocketChannel listener = listener()) {
      FileDescriptor descriptor = Descriptors.of(listener);

      socket.store("web/0.0.0.0:8080", descriptor);
      socket.remove("web/0.0.0.0:8080");

      assertEquals(
          List.of(
              new Told("FDSTORE=1\nFDNAME=web/0.0.0.0_8080\nFDPOLL=0", List.of(target(descriptor))),
              new Told("FDSTOREREMOVE=1\nFDNAME=web/0.0.0.0_8080", List.of())),
          manager.all());
      assertTrue(listener.isOpen());
      assertTrue(target(descriptor).startsWith("socket:"), "it stays ours");
    }
  }

  @Test
  void eachSocketOfAGroupIsAMessageOfItsOwn() throws Exception {
    try (ServiceManager manager = manager();
        NotifySocket socket = open(manager.address());
        ServerSocketChannel one = listener();
        ServerSocketChannel two = listener()) {
      socket.store("web", Descriptors.of(one), Descriptors.of(two));

      String message = "FDSTORE=1\nFDNAME=web\nFDPOLL=0";
      assertEquals(
          List.of(
              new Told(message, List.of(target(Descriptors.of(one)))),
              new Told(message, List.of(target(Descriptors.of(two))))),
          manager.all());
    }
  }

  @ParameterizedTest
  @CsvSource({"[::1]:80, [__1]_80", "a b\u00e9, a_b_", "unix:/run/a.sock, unix_/run/a.sock"})
  void nameIsOneTheManagerTakes(String wanted, String name) {
    assertEquals(name, NotifySocket.name(wanted));
  }

  @Test
  void nameIsNoLongerThanTheManagerTakes() {
    assertEquals(255, NotifySocket.name("a".repeat(300)).length());
  }

  @Test
  void statusIsOneLineWhateverIsInIt() throws Exception {
    try (ServiceManager manager = manager();
        NotifySocket socket = open(manager.address())) {
      socket.status("failed: no\nMAINPID=1\r\n");

      assertEquals(List.of("STATUS=failed: no MAINPID=1 "), manager.messages());
    }
  }

  @Test
  void managerThatDoesNotReadIsToldInOrderLater() throws Exception {
    try (ServiceManager manager = manager();
        NotifySocket socket = open(manager.address())) {
      int fit = fill(socket);
      List<String> expected = new ArrayList<>(Collections.nCopies(fit, "MAINPID=1"));
      expected.addAll(List.of("MAINPID=1", "READY=1\nSTATUS=a", "STATUS=c", "STOPPING=1"));

      socket.ready("a");
      socket.status("b");
      socket.status("c");
      socket.watchdog();
      socket.stopping();
      assertFalse(socket.flush());
      List<String> told = new ArrayList<>(manager.messages());
      assertTrue(socket.flush());
      told.addAll(manager.messages());

      assertEquals(expected, told);
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void listenerThatWasClosedMeanwhileIsTheOneThatIsSent() throws Exception {
    try (ServiceManager manager = manager();
        NotifySocket socket = open(manager.address())) {
      fill(socket);
      String target;
      try (ServerSocketChannel listener = listener()) {
        target = target(Descriptors.of(listener));
        socket.store("web", Descriptors.of(listener));
      }
      try (ServerSocketChannel other = listener()) {
        assertNotEquals(target, target(Descriptors.of(other)));
        manager.all();
        assertTrue(socket.flush());

        List<Told> all = manager.all();
        assertEquals(List.of(target), all.get(all.size() - 1).targets());
      }
    }
  }

  @Test
  void whatCouldNotBeSentIsDroppedAtTheEnd() throws Exception {
    try (ServiceManager manager = manager();
        ServerSocketChannel listener = listener()) {
      NotifySocket socket = open(manager.address());
      fill(socket);
      socket.store("web", Descriptors.of(listener));

      socket.close();

      assertTrue(socket.flush());
    }
  }

  @Test
  void managerThatIsNotThereIsReportedOnce() throws Exception {
    Path path = folder.resolve("notify");
    try (NotifySocket socket = open(path.toString())) {
      socket.ready("a");
      socket.status("b");

      assertEquals(
          List.of(
              "the service manager at NOTIFY_SOCKET="
                  + path
                  + " is not told: No such file or directory"),
          warnings);
      try (ServiceManager late = new ServiceManager(path.toString())) {
        socket.stopping();
        assertEquals(List.of("STOPPING=1"), late.messages());
      }
    }
  }

  @Test
  void managerThatHasBeenStartedAnewIsTold() throws Exception {
    Path path = folder.resolve("notify");
    try (NotifySocket socket = open(path.toString())) {
      for (String pid : List.of("1", "2")) {
        try (ServiceManager manager = new ServiceManager(path.toString())) {
          socket.mainPid(Long.parseLong(pid));
          assertEquals(List.of("MAINPID=" + pid), manager.messages());
        }
      }
    }
  }

  @Test
  void nobodyIsToldWithoutTheVariable() {
    assertNull(NotifySocket.of(Map.of(), PID, warnings::add));
    assertNull(NotifySocket.of(Map.of("NOTIFY_SOCKET", ""), PID, warnings::add));
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify", "vsock:2:1234", "@"})
  void addressOfAnotherKindIsReported(String address) {
    assertNull(NotifySocket.of(Map.of("NOTIFY_SOCKET", address), PID, warnings::add));

    assertEquals(
        List.of(
            "the service manager at NOTIFY_SOCKET="
                + address
                + " is not told: it is neither an absolute path nor a name after '@'"),
        warnings);
  }

  @Test
  void pathThatIsTooLongIsReported() {
    String path = "/" + "a".repeat(200);

    assertNull(NotifySocket.of(Map.of("NOTIFY_SOCKET", path), PID, warnings::add));

    assertEquals(1, warnings.size(), warnings.toString());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "30000000, 4711, 15000000000",
        "30000000, -,    15000000000",
        "30000000, 4712, 0",
        "-,        4711, 0",
        "1,        4711, 500"
      })
  void watchdogIsDueTwiceInItsTime(String micros, String pid, long nanos) {
    assertEquals(nanos, watchdog(micros, pid));
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "0", "-5", "1.5", "18446744073709551615", "9223372036854775807"})
  void watchdogThatIsNoTimeIsReported(String micros) {
    assertEquals(0, watchdog(micros, "4711"));
    assertEquals(
        List.of("WATCHDOG_USEC=" + micros + " is no time: the watchdog is not answered"), warnings);
  }

  @Test
  void timeOfTheJvmIsTheMonotonicClock() throws Exception {
    assumeTrue(hasPython(), "no python3 here");
    long before = System.nanoTime();

    long monotonic = Long.parseLong(python("import time; print(time.monotonic_ns())"));

    assertTrue(before <= monotonic, before + " " + monotonic);
    assertTrue(monotonic <= System.nanoTime());
  }

  private long watchdog(String micros, String pid) {
    Map<String, String> environment = new HashMap<>();
    environment.put("NOTIFY_SOCKET", folder.resolve("notify").toString());
    environment.put("WATCHDOG_USEC", micros);
    environment.put("WATCHDOG_PID", pid);
    environment.values().removeIf(Objects::isNull);
    try (NotifySocket socket = open(environment)) {
      return socket.watchdogNanos();
    }
  }

  /** Until one message is kept; how many others fit. */
  private static int fill(NotifySocket socket) {
    int fit = 0;
    socket.mainPid(1);
    while (socket.flush()) {
      socket.mainPid(1);
      fit++;
    }
    return fit;
  }

  private ServiceManager manager() throws IOException {
    return new ServiceManager(folder.resolve("notify").toString());
  }

  private NotifySocket open(String address) {
    return open(Map.of("NOTIFY_SOCKET", address));
  }

  private NotifySocket open(Map<String, String> environment) {
    return Objects.requireNonNull(NotifySocket.of(environment, PID, warnings::add));
  }

  private static ServerSocketChannel listener() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static String target(FileDescriptor descriptor) {
    return Descriptors.target(Descriptors.number(descriptor));
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String python(String script) throws Exception {
    Process python = new ProcessBuilder("python3", "-c", script).start();
    String out = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, python.waitFor());
    return out.trim();
  }
}
