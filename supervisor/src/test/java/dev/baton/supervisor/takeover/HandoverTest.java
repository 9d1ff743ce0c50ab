package dev.baton.supervisor.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.channel.Endpoint;
import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.takeover.DyingSuccessor.Step;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A successor that is killed at each of its steps. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class HandoverTest {
  @TempDir Path directory = Path.of("");

  private Endpoint attach = unset();
  private Endpoint control = unset();
  private List<Object> sockets = List.of();

  @SuppressWarnings("NullAway") // set before each test
  private static Endpoint unset() {
    return null;
  }

  @BeforeEach
  void listen() throws IOException {
    attach = Endpoint.listen(directory.resolve("attach.sock"));
    control = Endpoint.listen(directory.resolve("control.sock"));
    sockets = sockets();
  }

  @AfterEach
  void close() throws IOException {
    attach.close();
    control.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"START", "CONNECTED", "HELLO", "LISTENS"})
  void beforeItIsPreparedItIsMissed(Step step) throws Exception {
    try (Handover handover = Handover.start(directory, successor(step))) {
      IOException missed = assertThrows(IOException.class, handover::awaitPrepared);
      assertTrue(missed.toString().contains("was killed"), missed.toString());
    }
    assertUntouched();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      mode = Mode.EXCLUDE,
      names = {"START", "CONNECTED", "HELLO", "LISTENS", "TAKEN"})
  void beforeItSaysThatItHasTakenOverEverythingIsPutBackAtOnce(Step step) throws Exception {
    try (Handover handover = Handover.start(directory, successor(step));
        ServerSocketChannel listener = ServerSocketChannel.open().bind(null)) {
      handover.awaitPrepared();
      long start = System.nanoTime();
      assertFalse(handover.handOver(offers(listener)));
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
      assertTrue(seconds < 4, "no service is looked after meanwhile: " + seconds + " s");
      assertTrue(listener.isOpen());
    }
    assertUntouched();
  }

  @Test
  void onceItHasSaidSoItsDeathIsThatOfASupervisor() throws Exception {
    try (Handover handover = Handover.start(directory, successor(Step.TAKEN));
        ServerSocketChannel listener = ServerSocketChannel.open().bind(null)) {
      handover.awaitPrepared();
      assertTrue(handover.handOver(offers(listener)));
      assertNotEquals(sockets, sockets());
    }
  }

  private void assertUntouched() throws IOException {
    assertEquals(sockets, sockets());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(
          List.of("attach.sock", "control.sock"),
          left.map(path -> path.getFileName().toString()).sorted().toList());
    }
    Endpoint.connect(directory.resolve("attach.sock")).close();
    Endpoint.connect(directory.resolve("control.sock")).close();
  }

  /** Which sockets the paths lead to. */
  private List<Object> sockets() throws IOException {
    return List.of(
        Files.getAttribute(directory.resolve("attach.sock"), "unix:ino"),
        Files.getAttribute(directory.resolve("control.sock"), "unix:ino"));
  }

  private static List<Handover.Offer> offers(ServerSocketChannel listener) {
    Handover.Offer offer =
        new Handover.Offer("web", Handover.Offer.LISTENER, "tcp:*:1", Descriptors.of(listener));
    return List.of(offer, offer);
  }

  private static List<String> successor(Step step) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        DyingSuccessor.class.getName(),
        step.name());
  }
}
