package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in, frames out; time is whatever the test says. */
final class LiveFrameTest {
  private static final Terminal UNICODE = new Terminal(true, 81, 24, false, true);
  private static final Terminal ASCII = new Terminal(true, 81, 24, false, false);
  private static final Terminal COLOUR = new Terminal(true, 81, 24, true, true);

  private final Board board = new Board(0);

  @Test
  void beforeTheFirstMessageOneLineSaysThatItWaits() {
    assertFrame(
        """
        ⠹ shop  waiting for the first worker                                      200 ms
        """,
        frame(UNICODE, 200));
  }

  @Test
  void slotShowsItsWorkerAndTheOneItReplaces() throws Exception {
    take("shop.g2/0", "starting", 0, "started", 100);
    take("shop.g2/0", "serving", 4711, "switched on in 3 ms", 700);
    take("shop.g1/0", "draining", 42, "generation 2 serves", 800);

    assertFrame(
        """
        ● shop.g2/0  serving   pid 4711    switched on in 3 ms                    600 ms
        ⠙ shop.g1/0  draining  pid 42      generation 2 serves                    1.30 s
        ⠙ shop  1 serving, 1 draining                                             2.10 s
        """,
        frame(UNICODE, 2_100));
  }

  @Test
  void workerThatIsReplacedLeavesWithItsLine() throws Exception {
    take("shop.g2/0", "serving", 4711, "switched on in 3 ms", 700);
    take("shop.g1/0", "draining", 42, "generation 2 serves", 800);
    take("shop.g1/0", "gone", 42, "exited with 143", 900);

    assertFrame(
        """
        ● shop.g2/0  serving   pid 4711    switched on in 3 ms                      0 ms
        """,
        finished(UNICODE, 1_000, true));
  }

  @Test
  void secondAttemptTakesTheLineOfTheFirst() throws Exception {
    take("shop.g2/0", "gone", 5, "exited with 1", 100);
    take("shop.g2/0#2", "starting", 0, "started", 200);

    assertFrame(
        """
        ⠸ shop.g2/0#2  starting              started                              100 ms
        ⠸ shop  1 starting                                                        300 ms
        """,
        frame(UNICODE, 300));
  }

  @Test
  void deadlineIsABarThatFillsUp() throws Exception {
    board.take(
        progress("shop.g1/0", "draining", 42, "2 connections")
            .with("deadline-nanos", TimeUnit.SECONDS.toNanos(30)),
        at(0));

    assertEquals(
        "⠋ shop.g1/0  draining  pid 42      2 connections  ██░░░░░░ 21 s left      9.00 s",
        frame(UNICODE, 9_000).get(0));
    assertTrue(frame(UNICODE, 60_000).get(0).contains("████████ 0 ms left"));
  }

  @Test
  void newsOfTheSameStateDoesNotEmptyTheBar() throws Exception {
    Message first = progress("shop.g1/0", "draining", 42, "2 connections");
    board.take(first.with("deadline-nanos", TimeUnit.SECONDS.toNanos(30)), at(0));
    Message second = progress("shop.g1/0", "draining", 42, "1 connection");
    board.take(second.with("deadline-nanos", TimeUnit.SECONDS.toNanos(15)), at(15_000));

    assertTrue(frame(ASCII, 15_000).get(0).contains("####.... 15 s left"));
  }

  @Test
  void whatFailedIsMarkedInTheEnd() throws Exception {
    take("shop.g2/0", "gone", 42, "exited with 1", 100);

    assertEquals(
        "✘ shop.g2/0  gone      pid 42      exited with 1                            0 ms",
        finished(UNICODE, 200, false).get(0));
    assertTrue(finished(UNICODE, 200, true).get(0).startsWith("○ shop.g2/0"));
  }

  @Test
  void terminalWithoutUnicodeGetsNone() throws Exception {
    take("shop.g2/0", "serving", 42, "switched on", 0);
    take("shop.g2/1", "booting", 43, "attached", 0);

    assertTrue(frame(ASCII, 0).stream().allMatch(line -> line.chars().allMatch(c -> c < 127)));
    assertEquals(List.of("*", "|", "|"), firstWords(frame(ASCII, 0)));
    assertEquals(List.of("*", "/", "/"), firstWords(frame(ASCII, 100)));
  }

  @Test
  void coloursComeOnlyWhereTheyAreWanted() throws Exception {
    take("shop.g2/0", "serving", 42, "switched on", 0);

    assertTrue(frame(COLOUR, 0).get(0).startsWith("\033[32m● \033[0m"), frame(COLOUR, 0).get(0));
    assertFalse(String.join("", frame(UNICODE, 0)).contains("\033"));
    assertEquals(frame(UNICODE, 0), withoutColours(frame(COLOUR, 0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 10, 20, 30, 40, 50, 60, 79, 80, 100, 200})
  void noLineIsEverAsWideAsTheTerminal(int columns) throws Exception {
    board.take(
        progress("a-rather-long-name.g2/0", "draining", 42, "word ".repeat(50))
            .with("deadline-nanos", TimeUnit.SECONDS.toNanos(30)),
        at(0));
    take("shop.g2/1", "serving", 4711, "short", 0);
    Terminal terminal = new Terminal(true, columns, 24, true, true);

    for (String line : withoutColours(frame(terminal, 100))) {
      assertTrue(line.length() < columns, line);
    }
  }

  @Test
  void terminalThatIsTooLowShowsWhatIsUnfinished() throws Exception {
    for (int slot = 0; slot < 20; slot++) {
      take("shop.g2/" + slot, slot == 17 ? "warming" : "serving", 1, "x", 0);
    }

    List<String> lines = frame(new Terminal(true, 80, 8, false, true), 0);

    assertEquals(7, lines.size());
    assertTrue(lines.get(4).contains("shop.g2/17"), lines.toString());
    assertEquals("    and 15 more", lines.get(5));
    assertTrue(lines.get(6).contains("19 serving, 1 warming"), lines.toString());
  }

  @Test
  void whatAWorkerSaysDoesNotSteerTheTerminal() throws Exception {
    take("shop.g2/0", "gone", 42, "exited: \033[2J\r\nboo", 0);

    assertFalse(frame(UNICODE, 0).get(0).matches(".*\\p{Cntrl}.*"));
  }

  private void take(String worker, String state, long pid, String reason, long millis)
      throws ProtocolException {
    board.take(progress(worker, state, pid, reason), at(millis));
  }

  private static Message progress(String worker, String state, long pid, String reason) {
    return Message.of(Verb.PROGRESS)
        .with("worker", worker)
        .with("state", state)
        .with("pid", pid)
        .with("reason", reason)
        .with("nanos", 0);
  }

  private static long at(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private List<String> frame(Terminal terminal, long millis) {
    return new LiveFrame("shop", terminal).running(board, at(millis));
  }

  private List<String> finished(Terminal terminal, long millis, boolean success) {
    return new LiveFrame("shop", terminal).finished(board, at(millis), success);
  }

  private static void assertFrame(String expected, List<String> lines) {
    assertEquals(expected, String.join("\n", lines) + "\n");
  }

  private static List<String> firstWords(List<String> lines) {
    return lines.stream().map(line -> line.substring(0, 1)).toList();
  }

  private static List<String> withoutColours(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll("\033\\[\\d+m", "")).toList();
  }
}
