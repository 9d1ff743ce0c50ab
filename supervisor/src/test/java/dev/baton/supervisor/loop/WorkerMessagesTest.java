package dev.baton.supervisor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.AddressPattern;
import dev.baton.supervisor.config.BindPolicy;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.Rotation;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.Generation;
import dev.baton.supervisor.core.Supervision;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.Leases;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.testing.NothingLeft;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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

/** The answers to binds, over a real connection; and what no worker of ours would say. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class WorkerMessagesTest {
  private static final WorkerId ID = new WorkerId("app", 1, 0, 1);

  @TempDir private Path folder = Path.of("");

  private ServerSocket local = unset();
  private ServerSocket taken = unset();
  private Connection peer = unset();
  private WorkerHandle worker = unset();
  private ListenerTable<WorkerId> listeners = unset();
  private Logs logs = unset();
  private WorkerMessages messages = unset();

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
  private static <T> T unset() {
    return null;
  }

  @BeforeEach
  void attach() throws Exception {
    local = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    ServiceConfig config =
        ServiceConfig.running("app", List.of("java"))
            .bind(
                new BindPolicy(
                    ImmutableList.of(AddressPattern.parse("127.0.0.1:" + local.getLocalPort())),
                    ImmutableList.of(),
                    BindPolicy.Others.HOLD))
            .logs(ImmutableList.of(new LogConfig("access", "access.log", Rotation.DEFAULT)))
            .build();
    try (Endpoint endpoint = Endpoint.listen(folder.resolve("s"))) {
      peer = Endpoint.connect(folder.resolve("s"));
      Process process = new ProcessBuilder("true").start();
      process.waitFor();
      worker = WorkerHandle.of(ID, new Generation(1, config), process, null);
      worker.attached(process.pid(), endpoint.accept());
    }
    listeners = new ListenerTable<>(folder, 8);
    Supervision supervision = new Supervision(Config.of(config, 8), true, 0);
    logs =
        new Logs(
            folder, Runnable::run, Runnable::run, new Inbox(), () -> 0, (id, message, fds) -> {});
    messages =
        new WorkerMessages(
            ID, worker, listeners, new Leases(folder.resolve("leases")), logs, supervision);
  }

  @AfterEach
  void close() throws IOException {
    listeners.close();
    logs.closeAll();
    worker.close();
    peer.close();
    local.close();
    taken.close();
  }

  @Test
  void leaseIsAnsweredWithTheFileToBeLocked() throws Exception {
    Received grant = answer(Message.of(Verb.LEASE).with("id", 7).with("name", "jobs"));

    assertTrue(grant.message().is(Verb.GRANT));
    assertEquals("lease", grant.message().text("fds"));
    try (FileOutputStream file = new FileOutputStream(grant.descriptors().get(0))) {
      file.getChannel().lock().release();
    }
    Received refused = answer(Message.of(Verb.LEASE).with("id", 8).with("name", "../lock"));
    assertEquals("'../lock' is no name of a lease", refused.message().text("reason"));
  }

  @Test
  void namedLogIsAnsweredWithItsFile() throws Exception {
    Received grant = answer(Message.of(Verb.LOG).with("id", 7).with("name", "access"));

    assertTrue(grant.message().is(Verb.GRANT));
    assertEquals("access", grant.message().text("log"));
    assertEquals("log", grant.message().text("fds"));
    try (FileOutputStream out = new FileOutputStream(grant.descriptors().get(0))) {
      out.write("GET /\n".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals("GET /\n", Files.readString(folder.resolve("access.log")));
  }

  @Test
  void unknownLogIsDeniedWithThoseThereAre() throws Exception {
    Received denied = answer(Message.of(Verb.LOG).with("id", 7).with("name", "acess"));

    assertTrue(denied.message().is(Verb.DENY));
    assertEquals("ENOENT", denied.message().text("errno"));
    assertEquals("there is no log 'acess'; there are: access", denied.message().text("reason"));
  }

  @Test
  void bindIsAnsweredWithTwoSockets() throws Exception {
    Received grant = answer(bind(freePort()));

    assertTrue(grant.message().is(Verb.GRANT));
    assertEquals("shared,private", grant.message().text("fds"));
    assertEquals("8", grant.message().text("backlog"));
    assertEquals("7", grant.message().text("id"));
    assertEquals(2, grant.descriptors().size());
    grant.closeDescriptors();
  }

  @Test
  void secondBindOfTheSameIsDeniedUnlessItShares() throws Exception {
    Message bind = bind(freePort());
    answer(bind).closeDescriptors();

    Message denied = answer(bind).message();
    assertEquals("EADDRINUSE", denied.text("errno"));
    assertTrue(denied.text("reason").startsWith("Address already in use"), denied.text("reason"));

    Received shared = answer(bind.with("reuseport", true));
    assertTrue(shared.message().is(Verb.GRANT));
    shared.closeDescriptors();
  }

  @Test
  void releasedListenerCanBeBoundAgain() throws Exception {
    Message bind = bind(freePort());
    Received first = answer(bind);
    first.closeDescriptors();
    messages.handle(
        Message.of(Verb.RELEASED).with("listener", first.message().text("listener")), 0);

    Received second = answer(bind);

    assertTrue(second.message().is(Verb.GRANT));
    second.closeDescriptors();
  }

  @Test
  void localAddressIsTheWorkersOwn() throws Exception {
    assertTrue(answer(bind(local.getLocalPort())).message().is(Verb.LOCAL));
  }

  @Test
  void portOfAnotherProcessIsDeniedInTheWordsOfBind() throws Exception {
    Message denied = answer(bind(taken.getLocalPort())).message();

    assertEquals("EADDRINUSE", denied.text("errno"));
    assertTrue(denied.text("reason").startsWith("Address already in use: "));
  }

  @Test
  void verbOfALaterVersionIsNotUnderstood() throws Exception {
    assertTrue(answer(Message.of(Verb.WELCOME)).message().is(Verb.NOT_UNDERSTOOD));
  }

  /** Each would otherwise reach the kernel, a name server, or the loop as a runtime exception. */
  @ParameterizedTest
  @CsvSource({
    "tcp,   example.org, 80,     inet",
    "tcp,   127.0.0.1,   0,      inet",
    "tcp,   127.0.0.1,   70000,  inet",
    "tcp,   127.0.0.1,   -1,     inet",
    "tcp,   127.0.0.1,   eighty, inet",
    "tcp,   127.0.0.1,   80,     ipx",
    "tcp,   fe80::1%no9, 80,     inet6",
    "tcp,   '',          80,     inet",
    "sctp,  127.0.0.1,   80,     inet"
  })
  void bindThatMeansNothingIsAMistake(String kind, String address, String port, String family) {
    Message bind =
        Message.of(Verb.BIND)
            .with("id", 7)
            .with("kind", kind)
            .with("address", address)
            .with("port", port)
            .with("family", family);

    assertThrows(ProtocolException.class, () -> messages.handle(bind, 0));
  }

  @ParameterizedTest
  @CsvSource({"relative", "''", "'/a\0b'"})
  void pathThatMeansNothingIsAMistake(String path) {
    Message bind = Message.of(Verb.BIND).with("id", 7).with("kind", "unix").with("path", path);

    assertThrows(ProtocolException.class, () -> messages.handle(bind, 0));
  }

  @ParameterizedTest
  @CsvSource({"SWITCHED", "LISTENING", "CONNECTIONS", "RELEASED", "BIND", "FAILED", "FIGURES"})
  void messageWithoutItsKeysIsAMistake(Verb verb) {
    assertThrows(ProtocolException.class, () -> messages.handle(Message.of(verb), 0));
  }

  private Received answer(Message message) throws IOException {
    messages.handle(message, 0);
    return Objects.requireNonNull(peer.receive());
  }

  private static Message bind(int port) {
    return Message.of(Verb.BIND)
        .with("id", 7)
        .with("kind", "tcp")
        .with("address", "127.0.0.1")
        .with("port", port)
        .with("family", "inet");
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
