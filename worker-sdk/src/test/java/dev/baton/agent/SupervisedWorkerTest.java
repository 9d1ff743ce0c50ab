package dev.baton.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.testing.NothingLeft;
import dev.baton.worker.Worker;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public API in a worker whose application has loaded it with a class loader of its own: it and
 * the agent know no type in common but those of the JDK.
 */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class SupervisedWorkerTest {
  @TempDir Path folder = Path.of("");

  private URLClassLoader application = unset();
  private FakeSupervisor supervisor = unset();
  private HeldFile old = unset();
  private HeldFile other = unset();

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
  private static <T> T unset() {
    return null;
  }

  @BeforeEach
  void start() throws Exception {
    URL classes = Worker.class.getProtectionDomain().getCodeSource().getLocation();
    application = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
    old = new HeldFile(folder.resolve("old"));
    other = new HeldFile(folder.resolve("other"));
    supervisor = FakeSupervisor.start(folder.resolve("attach.sock"), this::answer);
    BindHooks.start(supervisor.broker(), new HeldPaths(Set.of(), () -> {}));
  }

  private void answer(FakeSupervisor supervisor, Message request) throws IOException {
    if (request.text("name").equals("access")) {
      old.grant(supervisor, request);
    } else {
      supervisor.send(
          Message.of(Verb.DENY)
              .with("id", request.text("id"))
              .with("errno", "ENOENT")
              .with("reason", "service web has no log of that name"));
    }
  }

  @AfterEach
  void stop() throws Exception {
    // As if premain had not run: other tests are in this JVM too.
    Field installed = BindHooks.class.getDeclaredField("installed");
    installed.setAccessible(true);
    installed.set(null, null);
    supervisor.close();
    application.close();
    old.close();
    other.close();
  }

  @Test
  void logIsTheSupervisorsAndIsRotatedUnderStreamAndChannel() throws Exception {
    Object worker = attach();
    assertNotSame(Worker.class, worker.getClass());
    assertEquals(true, call(worker, "isSupervised"));
    Object log = logFile(worker, "access");
    try (OutputStream stream = (OutputStream) call(log, "stream");
        FileChannel channel = (FileChannel) call(log, "channel")) {
      stream.write(bytes("one\n"));
      channel.write(ByteBuffer.wrap(bytes("two\n")));
      assertEquals(8, channel.size());

      supervisor.send(old.rotate(), other.descriptor());
      assertTrue(supervisor.next().is(Verb.ROTATED));

      assertEquals(0, channel.size());
      stream.write(bytes("three\n"));
      channel.write(ByteBuffer.wrap(bytes("four\n")));
    }
    assertEquals("one\ntwo\n", Files.readString(old.path()));
    assertEquals("three\nfour\n", Files.readString(other.path()));
  }

  @Test
  void closedStreamDoesNotKeepTheLogFromBeingRotated() throws Exception {
    Object log = logFile(attach(), "access");
    ((OutputStream) call(log, "stream")).close();
    ((FileChannel) call(log, "channel")).close();

    supervisor.send(old.rotate(), other.descriptor());
    assertTrue(supervisor.next().is(Verb.ROTATED));
    ((OutputStream) call(log, "stream")).write(bytes("after\n"));

    assertEquals("after\n", Files.readString(other.path()));
  }

  @Test
  void supervisorsReasonReachesTheApplication() throws Exception {
    Object worker = attach();
    InvocationTargetException thrown =
        assertThrows(InvocationTargetException.class, () -> logFile(worker, "acess"));

    IOException reason = (IOException) Objects.requireNonNull(thrown.getCause());
    assertEquals("service web has no log of that name", reason.getMessage());
    assertFalse(Files.exists(Path.of("logs", "acess.log")));
  }

  @Test
  void whatItSaysReachesTheSupervisor() throws Exception {
    Object worker = attach();
    worker.getClass().getMethod("status", String.class).invoke(worker, "warming caches");
    worker.getClass().getMethod("ready").invoke(worker);

    assertEquals(Message.of(Verb.STATUS).with("text", "warming caches"), supervisor.next());
    assertEquals(Message.of(Verb.READY), supervisor.next());
  }

  @Test
  void applicationIsToldWhenItIsSwitchedOnAndWhenItDrains() throws Exception {
    Object worker = attach();
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    Consumer<Object> handler = told::add;
    call(worker, "onSwitch", handler);
    call(worker, "onDrain", handler);
    assertEquals(false, call(worker, "isDraining"));

    order("shared");
    assertEquals(true, told.take());
    order("private"); // to be checked, for a moment
    order("shared");
    supervisor.send(order("1", "private").with("drain-millis", 60_000));
    assertTrue(supervisor.next().is(Verb.SWITCHED));
    assertEquals(false, told.take());
    Duration left = (Duration) call(told.take(), "remaining");
    assertTrue(left.toSeconds() >= 30 && left.toSeconds() <= 60, left.toString());
    assertEquals(true, call(worker, "isDraining"));
    order("shared");
    assertEquals(true, told.take());
    assertEquals(false, call(worker, "isDraining"));
    assertEquals(List.of(), List.copyOf(told));
  }

  @Test
  void dumpGoesIntoTheFileThatCameWithTheOrder() throws Exception {
    attach();
    Message order = Message.of(Verb.DUMP).with("id", 7).with("fds", "dump").with("most", 1 << 20);

    supervisor.send(order, old.descriptor());

    assertEquals(Message.of(Verb.DUMPED).with("id", 7), supervisor.next());
    String dump = Files.readString(old.path());
    assertTrue(dump.startsWith("figures, by its agent: java="), dump);
    assertTrue(dump.contains("\"baton-orders\" #"), dump);
    String here = getClass().getName() + ".dumpGoesIntoTheFileThatCameWithTheOrder(";
    assertTrue(dump.contains(here), dump);
    assertTrue(dump.contains("   java.lang.Thread.State: "), dump);
  }

  @Test
  void dumpIsCutOffWhereItMust() throws Exception {
    attach();
    Message order = Message.of(Verb.DUMP).with("id", 7).with("fds", "dump").with("most", 1000);

    supervisor.send(order, old.descriptor());

    assertTrue(supervisor.next().is(Verb.DUMPED));
    String dump = Files.readString(old.path());
    assertTrue(dump.endsWith("\n... cut off\n"), dump);
    assertTrue(dump.length() <= 1000 + "... cut off\n".length(), dump);
  }

  @Test
  void figuresOfItsJvmFollowTheSwitch() throws Exception {
    attach();
    order("shared");

    Message figures = supervisor.nextFigures();

    assertEquals(System.getProperty("java.version"), figures.text("java"));
    long heap = figures.number("heap");
    assertTrue(heap > 1 << 20 && heap <= Runtime.getRuntime().maxMemory(), figures.toString());
    assertEquals(Runtime.getRuntime().maxMemory(), figures.number("heap-max"));
    assertTrue(figures.number("gc-permille") < 500, figures.toString());
    assertTrue(figures.number("threads") >= 3, figures.toString());
    assertTrue(figures.number("classes") > 500, figures.toString());
    assertTrue(figures.number("up-millis") > 0, figures.toString());
  }

  private void order(String face) throws Exception {
    supervisor.send(order("1", face));
    assertTrue(supervisor.next().is(Verb.SWITCHED));
  }

  private static Message order(String id, String face) {
    return Message.of(Verb.SWITCH).with("id", id).with("face", face);
  }

  @Test
  void handlerThatComesLateIsToldHowThingsAre() throws Exception {
    Object worker = attach();
    supervisor.send(order("1", "private").with("drain-millis", 0));
    assertTrue(supervisor.next().is(Verb.SWITCHED));
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    Consumer<Object> handler = told::add;
    call(worker, "onSwitch", handler);
    call(worker, "onDrain", handler);

    assertEquals(Duration.ZERO, call(told.take(), "remaining"));
    InvocationTargetException late =
        assertThrows(
            InvocationTargetException.class,
            () -> worker.getClass().getMethod("ready").invoke(worker));
    assertEquals(
        "this worker drains already and gets no clients any more; end what is being started",
        Objects.requireNonNull(late.getCause()).getMessage());
  }

  private Object attach() throws Exception {
    Class<?> type = application.loadClass("dev.baton.worker.Worker");
    return Objects.requireNonNull(type.getMethod("attach").invoke(null));
  }

  private static Object logFile(Object worker, String name) throws Exception {
    Method logFile = worker.getClass().getMethod("logFile", String.class);
    return Objects.requireNonNull(logFile.invoke(worker, name));
  }

  private static void call(Object target, String method, Consumer<Object> handler)
      throws Exception {
    target.getClass().getMethod(method, Consumer.class).invoke(target, handler);
  }

  private static Object call(Object target, String method) throws Exception {
    return Objects.requireNonNull(target.getClass().getMethod(method).invoke(target));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
