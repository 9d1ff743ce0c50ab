package dev.baton.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.testing.NothingLeft;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose supervisor is gone comes to the next one with all it holds. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class ReattachTest {
  private static final String IDENTITY = "identity-of-web.g1/0";

  @TempDir Path folder = Path.of("");

  private Path path = Path.of("");
  private HeldFile file = unset();
  private Endpoint endpoint = unset();

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
  private static <T> T unset() {
    return null;
  }

  @BeforeEach
  void listen() throws IOException {
    path = folder.resolve("attach.sock");
    file = new HeldFile(folder.resolve("access.log"));
    endpoint = Endpoint.listen(path);
  }

  @AfterEach
  void close() throws IOException {
    endpoint.close();
    file.close();
  }

  /** The next one to attach, after its first message. */
  private Connection welcome(String expectedKey, String expected) throws IOException {
    Connection worker = endpoint.accept();
    Message hello = next(worker);
    assertEquals(expected, hello.text(expectedKey));
    worker.send(
        Message.of(Verb.WELCOME)
            .with("version", 2)
            .with("worker", "web.g1/0")
            .with("identity", IDENTITY));
    return worker;
  }

  private static Message next(Connection worker) throws IOException {
    Received received = Objects.requireNonNull(worker.receive());
    received.closeDescriptors();
    return received.message();
  }

  private FutureTask<FileOutputStream> asking(Broker broker, String log) {
    FutureTask<FileOutputStream> task = new FutureTask<>(() -> broker.logFile(log));
    new Thread(task, "asking").start();
    return task;
  }

  private void grant(Connection worker) throws IOException {
    Message asked = next(worker);
    assertTrue(asked.is(Verb.LOG), asked.toString());
    worker.send(
        Message.of(Verb.GRANT)
            .with("id", asked.text("id"))
            .with("log", asked.text("name"))
            .with("fds", "log"),
        file.descriptor());
  }

  /** What is offered until all is; which file each log is. */
  private static List<String> offers(Connection worker) throws IOException {
    List<String> offers = new ArrayList<>();
    while (true) {
      Received received = Objects.requireNonNull(worker.receive());
      Message message = received.message();
      if (message.is(Verb.REATTACHED)) {
        assertEquals(offers.size(), message.number("offers"));
        return offers;
      }
      assertTrue(message.is(Verb.REOFFER), message.toString());
      int number = Descriptors.number(received.descriptors().get(0));
      offers.add(message.text("log") + " " + Descriptors.file(number));
      received.closeDescriptors();
    }
  }

  @Test
  void offersWhatItHolds() throws Exception {
    FutureTask<FileOutputStream> log = asking(FakeSupervisor.broker(path), "access");
    try (Connection first = welcome("token", "token")) {
      grant(first);
      log.get();
    }

    for (int i = 0; i < 3; i++) { // as often as supervisors come and go
      try (Connection another = welcome("identity", IDENTITY)) {
        assertTrue(offers(another).contains("access " + file.identity()));
      }
    }
    log.get().close();
    endTheWorker();
  }

  @Test
  void saysAgainWhatItSaidLast() throws Exception {
    Broker broker = FakeSupervisor.broker(path);
    FutureTask<Boolean> attaching = new FutureTask<>(broker::isAttached);
    new Thread(attaching, "attaching").start();
    Message status = Message.of(Verb.STATUS).with("text", "serving");
    try (Connection first = welcome("token", "token")) {
      assertTrue(attaching.get());
      broker.say(status.with("text", "warming"));
      broker.say(Message.of(Verb.READY));
      broker.say(status);
      for (int i = 0; i < 3; i++) {
        next(first);
      }
    }

    try (Connection second = welcome("identity", IDENTITY)) {
      offers(second);
      assertEquals(List.of(status, Message.of(Verb.READY)), List.of(next(second), next(second)));
    }
    endTheWorker();
  }

  @Test
  void asksAgainWhatWasNotAnswered() throws Exception {
    FutureTask<FileOutputStream> log = asking(FakeSupervisor.broker(path), "access");
    try (Connection first = welcome("token", "token")) {
      assertTrue(next(first).is(Verb.LOG));
    }

    try (Connection second = welcome("identity", IDENTITY)) {
      assertFalse(offers(second).contains("access " + file.identity()), "it has none yet");
      grant(second);
      log.get().close();
    }
    endTheWorker();
  }

  /** An order is for as long as whoever gave it; a new file is right for everybody. */
  @Test
  void doesNotDoWhatTheOneBeforeWanted() throws Exception {
    FutureTask<FileOutputStream> log = asking(FakeSupervisor.broker(path), "access");
    try (Connection first = welcome("token", "token")) {
      grant(first);
      log.get();
      first.send(Message.of(Verb.COUNT));
    }

    try (Connection second = welcome("identity", IDENTITY)) {
      offers(second);
      second.send(Message.of(Verb.PING).with("id", "7"));
      Message answer = next(second);
      assertTrue(answer.is(Verb.PONG), "not to the question of the one before: " + answer);
      assertEquals("7", answer.text("id"));
    }
    log.get().close();
    endTheWorker();
  }

  /** A worker may look for its supervisor for hours. */
  @Test
  void looksForASupervisorInVainAndLeavesNothing() throws IOException {
    Path stale = folder.resolve("stale.sock");
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(stale));
    }
    long before = RotationTest.count("socket:");
    for (int i = 0; i < 10; i++) {
      assertThrows(IOException.class, () -> Endpoint.connect(stale));
      assertThrows(IOException.class, () -> Endpoint.connect(folder.resolve("none.sock")));
    }
    assertEquals(
        before,
        RotationTest.count("socket:"),
        "at once: what the collector finds later is left behind");
  }

  @Test
  void firstAttachWaitsForASupervisorThatIsComing() throws Exception {
    endpoint.close();
    FutureTask<FileOutputStream> log = asking(FakeSupervisor.broker(path), "access");
    endpoint = Endpoint.listen(path);
    try (Connection first = welcome("token", "token")) {
      grant(first);
      log.get().close();
    }
    endTheWorker();
  }

  @Test
  void whoIsNotWantedAtFirstGoesOnAlone() throws Exception {
    FutureTask<FileOutputStream> log = asking(FakeSupervisor.broker(path), "access");
    try (Connection worker = endpoint.accept()) {
      next(worker);
      worker.send(Message.of(Verb.REFUSED).with("reason", "used token"));
      assertThrows(ExecutionException.class, log::get);
    }
  }

  /**
   * A supervisor of version 1 gives no identity: then there is no way back, and no threads stay.
   */
  private void endTheWorker() throws IOException {
    try (Connection last = endpoint.accept()) {
      next(last);
      last.send(Message.of(Verb.WELCOME).with("version", 1).with("worker", "web.g1/0"));
      offers(last);
    }
  }
}
