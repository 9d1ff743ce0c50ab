package dev.baton.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.testing.NothingLeft;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Named logs, and what an order to rotate does to them. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class RotationTest {
  private static final int ROTATIONS = 500;

  @TempDir Path folder = Path.of("");

  private HeldFile old = unset();
  private HeldFile other = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static HeldFile unset() {
    return null;
  }

  @BeforeEach
  void open() throws IOException {
    old = new HeldFile(folder.resolve("old"));
    other = new HeldFile(folder.resolve("other"));
  }

  @AfterEach
  void close() throws IOException {
    old.close();
    other.close();
    assertEquals(0, descriptors());
  }

  @Test
  void logIsAskedForOnce() throws Exception {
    List<String> asked = new ArrayList<>();
    try (FakeSupervisor supervisor =
        supervisor(
            (answerer, request) -> {
              asked.add(request.text("name"));
              old.grant(answerer, request);
            })) {
      Broker broker = supervisor.broker();

      FileOutputStream log = broker.logFile("access");
      assertSame(log, broker.logFile("access"));

      assertEquals(List.of("access"), asked);
      log.write(line("hello"));
      assertEquals("hello\n", Files.readString(old.path()));
      log.close();
    }
  }

  @Test
  void supervisorWithoutSuchALogIsQuotedAndMayHaveItLater() throws Exception {
    AtomicBoolean configured = new AtomicBoolean();
    try (FakeSupervisor supervisor =
        supervisor(
            (answerer, request) -> {
              if (configured.get()) {
                old.grant(answerer, request);
                return;
              }
              answerer.send(
                  Message.of(Verb.DENY)
                      .with("id", request.text("id"))
                      .with("errno", "ENOENT")
                      .with("reason", "service web has no log 'acces'"));
            })) {
      Broker broker = supervisor.broker();

      IOException denied = assertThrows(IOException.class, () -> broker.logFile("acces"));
      assertEquals("service web has no log 'acces'", denied.getMessage());
      configured.set(true);
      broker.logFile("acces").close();
    }
  }

  @Test
  void grantOfSomethingElseThanOneFileIsRefused() throws Exception {
    try (SocketChannel socket = SocketChannel.open();
        FakeSupervisor supervisor =
            supervisor(
                (answerer, request) ->
                    answerer.send(
                        Message.of(Verb.GRANT)
                            .with("id", request.text("id"))
                            .with("log", "access")
                            .with("fds", "log"),
                        Descriptors.of(socket)))) {
      Broker broker = supervisor.broker();

      assertThrows(IOException.class, () -> broker.logFile("access"));
    }
  }

  @Test
  void everyLineIsWrittenOnceAndInOrderWhileTheLogIsRotated() throws Exception {
    List<Path> files = new ArrayList<>(List.of(old.path()));
    try (FakeSupervisor supervisor = supervisor(old::grant)) {
      FileOutputStream log = supervisor.broker().logFile("access");
      long before = allDescriptors();
      AtomicBoolean over = new AtomicBoolean();
      List<FutureTask<Long>> writers = List.of(writing("a", log, over), writing("b", log, over));

      HeldFile current = old;
      for (int i = 0; i < ROTATIONS; i++) {
        HeldFile next = new HeldFile(folder.resolve("file-" + i));
        files.add(next.path());
        current.replaceWith(next, supervisor);
        assertEquals(rotated(), supervisor.next());
        current = next;
      }
      over.set(true);
      long ofA = writers.get(0).get();
      long ofB = writers.get(1).get();
      current.close();

      assertEquals(before - 1, allDescriptors(), "the supervisor's own file is closed");
      assertEquals(List.of(ofA, ofB), read(files));
      log.close();
    }
  }

  /** Writes numbered lines until it is over; how many is its result. */
  private static FutureTask<Long> writing(String name, FileOutputStream log, AtomicBoolean over) {
    FutureTask<Long> task =
        new FutureTask<>(
            () -> {
              long number = 0;
              while (!over.get()) {
                log.write(line(name + " " + ++number));
              }
              return number;
            });
    new Thread(task, "writer-" + name).start();
    return task;
  }

  /** How many lines each has written, or an error if one is missing, torn, or not in its place. */
  private static List<Long> read(List<Path> files) throws IOException {
    long[] last = new long[2];
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        int writer = line.charAt(0) - 'a';
        assertEquals(++last[writer], Long.parseLong(line.substring(2)), file.toString());
      }
    }
    return List.of(last[0], last[1]);
  }

  @Test
  void orderRightBehindTheGrantFindsTheLog() throws Exception {
    try (FakeSupervisor supervisor =
        supervisor(
            (answerer, request) -> {
              old.grant(answerer, request);
              answerer.send(old.rotate(), other.descriptor());
            })) {
      Broker broker = supervisor.broker();
      for (int i = 0; i < ROTATIONS; i++) {
        FileOutputStream log = broker.logFile("log-" + i);
        assertEquals(rotated(), supervisor.next());
        assertEquals(other.identity(), Descriptors.file(Descriptors.number(log.getFD())));
        log.close();
      }
    }
  }

  @Test
  void onlyTheFileThatIsReplacedIsReplacedAndOnlyUnderDescriptorsOfLogs() throws Exception {
    try (FakeSupervisor supervisor = supervisor(old::grant);
        FileOutputStream ofTheApplication = new FileOutputStream(old.path().toFile(), true)) {
      FileOutputStream log = supervisor.broker().logFile("access");

      supervisor.send(old.rotate().with("replaces", "1:1"), other.descriptor());
      assertEquals(rotated(), supervisor.next());
      assertEquals(old.identity(), Descriptors.file(Descriptors.number(log.getFD())));

      supervisor.send(old.rotate(), other.descriptor());
      assertEquals(rotated(), supervisor.next());
      assertEquals(other.identity(), Descriptors.file(Descriptors.number(log.getFD())));
      FileDescriptor untouched = ofTheApplication.getFD();
      assertEquals(old.identity(), Descriptors.file(Descriptors.number(untouched)));
      log.close();
    }
  }

  @Test
  void fileThatHasNoNameAnyMoreIsReplacedToo() throws Exception {
    try (FakeSupervisor supervisor = supervisor(old::grant)) {
      FileOutputStream log = supervisor.broker().logFile("access");
      Files.delete(old.path());

      supervisor.send(old.rotate(), other.descriptor());
      assertEquals(rotated(), supervisor.next());

      log.write(line("after"));
      assertEquals("after\n", Files.readString(other.path()));
      log.close();
    }
  }

  @Test
  void orderWithoutOneFileChangesNothing() throws Exception {
    try (FakeSupervisor supervisor = supervisor(old::grant);
        SocketChannel socket = SocketChannel.open()) {
      FileOutputStream log = supervisor.broker().logFile("access");
      long before = descriptors();

      supervisor.send(old.rotate());
      assertFailed(supervisor.next());
      supervisor.send(old.rotate(), Descriptors.of(socket));
      assertFailed(supervisor.next());
      supervisor.send(old.rotate(), other.descriptor(), other.descriptor());
      assertFailed(supervisor.next());
      supervisor.send(old.rotate().with("fds", "shared"), other.descriptor());
      assertFailed(supervisor.next());
      supervisor.send(
          Message.of(Verb.ROTATE).with("id", "7").with("fds", "log"), other.descriptor());
      assertFailed(supervisor.next());

      assertEquals(old.identity(), Descriptors.file(Descriptors.number(log.getFD())));
      assertEquals(before, descriptors());
      log.close();
    }
  }

  private static void assertFailed(Message answer) {
    assertTrue(answer.is(Verb.FAILED), answer.toString());
    assertEquals("ROTATE", answer.text("verb", ""));
    assertEquals("7", answer.text("id", ""));
  }

  @Test
  void descriptorsOfWhatIsNotUnderstoodAreClosed() throws Exception {
    try (FakeSupervisor supervisor = supervisor(old::grant)) {
      assertTrue(supervisor.broker().isAttached());
      long before = descriptors();

      supervisor.send(Message.of(Verb.STATUS), other.descriptor());
      assertTrue(supervisor.next().is(Verb.NOT_UNDERSTOOD));

      assertEquals(before, descriptors());
    }
  }

  @Test
  void orderThatIsUnderWayWhenTheConnectionEndsIsCarriedOut() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (FakeSupervisor supervisor =
        supervisor(
            (answerer, request) -> {
              if (request.text("name").equals("access")) {
                old.grant(answerer, request);
              } else {
                asked.countDown();
              }
            })) {
      Broker broker = supervisor.broker();
      FileOutputStream log = broker.logFile("access");
      FutureTask<FileOutputStream> unanswered = new FutureTask<>(() -> broker.logFile("errors"));
      new Thread(unanswered, "asking").start();
      assertTrue(asked.await(30, TimeUnit.SECONDS));

      long before = descriptors();
      supervisor.send(old.rotate(), other.descriptor());
      supervisor.hangUp();

      assertThrows(ExecutionException.class, unanswered::get);
      awaitFile(log, other.identity());
      awaitDescriptors(before); // nobody is told when the one that came with the order is closed
      log.close();
    }
  }

  private void awaitDescriptors(long count) throws IOException {
    while (descriptors() != count) {
      Thread.onSpinWait();
    }
  }

  private static void awaitFile(FileOutputStream log, String identity) throws IOException {
    while (!Descriptors.file(Descriptors.number(log.getFD())).equals(identity)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void grantThatComesAfterItsAskerWasInterruptedIsClosed() throws Exception {
    List<Message> requests = new ArrayList<>();
    CountDownLatch asked = new CountDownLatch(1);
    try (FakeSupervisor supervisor =
        supervisor(
            (answerer, request) -> {
              requests.add(request);
              asked.countDown();
            })) {
      Broker broker = supervisor.broker();
      FutureTask<FileOutputStream> unanswered = new FutureTask<>(() -> broker.logFile("access"));
      Thread asking = new Thread(unanswered, "asking");
      asking.start();
      assertTrue(asked.await(30, TimeUnit.SECONDS));
      asking.interrupt();
      assertThrows(ExecutionException.class, unanswered::get);
      long before = descriptors();

      old.grant(supervisor, requests.get(0));
      supervisor.send(Message.of(Verb.PING));
      assertTrue(supervisor.next().is(Verb.PONG));

      assertEquals(before, descriptors());
    }
  }

  @Test
  void threadThatIsInterruptedAttachesAllTheSame() throws Exception {
    try (FakeSupervisor supervisor = supervisor(old::grant)) {
      Broker broker = supervisor.broker();
      Thread.currentThread().interrupt();
      assertTrue(broker.isAttached());
      assertTrue(Thread.interrupted());
      broker.logFile("access").close();
    }
  }

  @Test
  void logOfASupervisorThatIsGoneIsAnErrorAndNoOtherFile() throws Exception {
    try (FakeSupervisor supervisor = supervisor(old::grant)) {
      Broker broker = supervisor.broker();
      assertTrue(broker.isAttached());
      supervisor.hangUp();

      assertThrows(IOException.class, () -> broker.logFile("access"));
    }
  }

  private FakeSupervisor supervisor(FakeSupervisor.Answering answering) throws IOException {
    return FakeSupervisor.start(folder.resolve("attach.sock"), answering);
  }

  private static Message rotated() {
    return Message.of(Verb.ROTATED).with("log", "access").with("id", "7");
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Descriptors of this process for files in our folder. */
  private long descriptors() throws IOException {
    return count(folder.toString());
  }

  private static long allDescriptors() throws IOException {
    return count("");
  }

  /** Descriptors of this process whose target begins so. */
  static long count(String prefix) throws IOException {
    long count = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path one : all) {
        int number = Integer.parseInt(one.getFileName().toString());
        count += Descriptors.target(number).startsWith(prefix) ? 1 : 0;
      }
    }
    return count;
  }
}
