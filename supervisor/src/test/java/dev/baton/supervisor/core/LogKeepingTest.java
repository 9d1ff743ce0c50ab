package dev.baton.supervisor.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Rotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a log gets a new file, who is told, and when the old one is archived. */
final class LogKeepingTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final LogId OUTPUT = new LogId("web", "output", null);
  private static final LogId ACCESS = new LogId("web", "access", null);
  private static final WorkerId FIRST = new WorkerId("web", 1, 0, 1);
  private static final WorkerId OTHER = new WorkerId("web", 1, 1, 1);
  private static final Rotation ON_REQUEST = policy(0, Duration.ZERO);
  private static final Rotation BY_SIZE = policy(1_000, Duration.ZERO);
  private static final Rotation BY_AGE = policy(0, Duration.ofHours(1));
  private static final String LATE = "web.g1/0 has not moved to the new file of web output in time";

  private final LogKeeping keeping = new LogKeeping();
  private final Written written = new Written();
  private long now = 1_000 * SECOND;

  // When

  @Test
  void logThatIsOpenedIsLookedAtAndNotRotated() {
    keeping.opened(OUTPUT, BY_SIZE, now);

    assertEquals(List.of("measure web output"), turn());
    measured(999);
    assertEquals(List.of(), turn());
  }

  @Test
  void logThatIsLargeEnoughIsRotated() {
    open(OUTPUT, BY_SIZE);
    look();

    measured(1_000);

    assertEquals(List.of("rotate web output"), turn());
  }

  @Test
  void logOfAnySizeIsNotRotatedBySize() {
    open(OUTPUT, ON_REQUEST);
    look();

    measured(Long.MAX_VALUE);

    assertEquals(List.of(), turn());
  }

  @Test
  void logThatIsOldEnoughIsRotated() {
    open(OUTPUT, BY_AGE);

    assertEquals(List.of("measure web output"), after(3599 * SECOND));
    assertEquals(now + SECOND, keeping.nextDeadline(now));
    assertEquals(List.of("rotate web output"), after(SECOND));
  }

  @Test
  void ageCountsFromTheLastRotation() {
    open(OUTPUT, BY_AGE);
    after(1800 * SECOND);
    request(1, OUTPUT);
    rotated(OUTPUT);

    assertEquals(List.of(), after(3599 * SECOND));
    assertEquals(List.of("rotate web output"), after(SECOND));
  }

  @Test
  void logIsRotatedOnRequest() {
    open(OUTPUT, ON_REQUEST);

    assertEquals(List.of("rotate web output"), request(1, OUTPUT));
    assertEquals(List.of("archive web output 1", "answer 1 [web output] []"), rotated(OUTPUT));
  }

  @Test
  void requestForNoLogIsAnsweredAtOnce() {
    assertEquals(List.of("answer 1 [] []"), request(1));
  }

  @Test
  void requestForALogThatIsNotOpenIsAnsweredAtOnce() {
    assertEquals(List.of("answer 1 [] []"), request(1, OUTPUT));
  }

  @Test
  void logIsNotRotatedTwiceAtATime() {
    open(OUTPUT, BY_SIZE);
    request(1, OUTPUT);

    assertEquals(List.of(), request(2, OUTPUT));
    assertEquals(
        List.of("archive web output 1", "answer 1 [web output] []", "answer 2 [web output] []"),
        rotated(OUTPUT));
  }

  @Test
  void logThatGrowsWhileItIsRotatedIsNotRotatedAgain() {
    open(OUTPUT, BY_SIZE);
    look();
    measured(1_000);
    turn();
    after(200 * MILLI);

    measured(2_000);

    assertEquals(List.of("archive web output 1"), rotated(OUTPUT));
  }

  @Test
  void lookThatBeganBeforeARotationSaysNothingOfTheNewFile() {
    open(OUTPUT, BY_SIZE);
    look();
    request(1, OUTPUT);
    rotated(OUTPUT);

    keeping.measured(OUTPUT, 5_000, false, "", now);

    assertEquals(List.of(), turn());
    assertEquals(0, keeping.status().get(0).bytes());
    assertEquals(List.of("measure web output"), after(100 * MILLI));
  }

  @Test
  void fileThatWasMovedAwayGetsAnotherInItsPlace() {
    open(OUTPUT, ON_REQUEST);
    look();

    keeping.measured(OUTPUT, 10, false, "", now);

    assertEquals(List.of("rotate web output"), turn());
  }

  @Test
  void otherPolicyHoldsFromNowOn() {
    open(OUTPUT, ON_REQUEST);
    after(3600 * SECOND);

    keeping.configured(OUTPUT, BY_AGE);

    assertEquals(List.of("rotate web output"), turn());
  }

  // Failures

  @Test
  void failedRotationIsTriedAgainAfterTenSeconds() {
    open(OUTPUT, BY_SIZE);
    look();
    measured(1_000);
    turn();

    keeping.failed(OUTPUT, "disk full", now);

    assertEquals(List.of(), turn());
    assertEquals(List.of("measure web output"), after(9_999 * MILLI));
    measured(2_000);
    assertEquals(List.of(), turn());
    assertEquals(List.of("rotate web output"), after(MILLI));
  }

  @Test
  void requestIsAnsweredWithTheReasonOfAFailure() {
    open(OUTPUT, ON_REQUEST);
    request(1, OUTPUT);

    keeping.failed(OUTPUT, "disk full", now);

    assertEquals(List.of("answer 1 [] [disk full]"), turn());
    assertEquals("disk full", condition());
  }

  @Test
  void requestThatFailedIsTriedAgainThoughItWasAnswered() {
    open(OUTPUT, ON_REQUEST);
    request(1, OUTPUT);
    keeping.failed(OUTPUT, "disk full", now);
    turn();

    assertEquals(List.of("measure web output", "rotate web output"), sorted(after(10 * SECOND)));
    assertEquals(List.of("archive web output 1"), rotated(OUTPUT));
  }

  private static List<String> sorted(List<String> all) {
    return all.stream().sorted().toList();
  }

  @Test
  void whoAsksDoesNotWaitForTheNextTry() {
    open(OUTPUT, ON_REQUEST);
    request(1, OUTPUT);
    keeping.failed(OUTPUT, "disk full", now);
    turn();

    assertEquals(List.of("rotate web output"), request(2, OUTPUT));
    assertEquals(List.of("archive web output 1", "answer 2 [web output] []"), rotated(OUTPUT));
    assertEquals("", condition());
  }

  @Test
  void laterRotationThatFailsDoesNotHideThatTheRequestedOneSucceeded() {
    open(OUTPUT, BY_SIZE);
    given(FIRST, OUTPUT);
    request(1, OUTPUT);
    rotated(OUTPUT);
    after(200 * MILLI);
    measured(1_000);
    turn();

    keeping.failed(OUTPUT, "disk full", now);

    assertEquals(List.of(), turn());
    assertEquals(
        List.of("archive web output 1", "answer 1 [web output] [disk full]"),
        moved(FIRST, OUTPUT, 2));
  }

  @Test
  void fileThatCannotBeWrittenIsShownAndCountedOnce() {
    open(OUTPUT, ON_REQUEST);
    for (int i = 0; i < 2; i++) {
      look();
      keeping.measured(OUTPUT, 10, true, "no space left on device", now);
    }

    assertEquals(
        new LogStatus(OUTPUT, 10, 0, 1, "no space left on device"), keeping.status().get(0));
    look();
    measured(10);
    assertEquals(new LogStatus(OUTPUT, 10, 0, 1, ""), keeping.status().get(0));
  }

  // Who is told

  @Test
  void everyWorkerIsMovedBeforeTheAnswer() {
    open(OUTPUT, ON_REQUEST);
    given(FIRST, OUTPUT);
    given(OTHER, OUTPUT);
    request(1, OUTPUT);

    assertEquals(
        List.of("move web.g1/0 web output 1", "move web.g1/1 web output 1"), rotated(OUTPUT));
    assertEquals(List.of(), moved(FIRST, OUTPUT, 2));
    assertEquals(
        List.of("archive web output 1", "answer 1 [web output] []"), moved(OTHER, OUTPUT, 2));
  }

  @Test
  void workerThatWasGivenTheNewFileIsNotTold() {
    open(OUTPUT, ON_REQUEST);
    request(1, OUTPUT);
    rotated(OUTPUT);

    given(FIRST, OUTPUT);

    assertEquals(List.of(), turn());
  }

  @Test
  void workerThatIsNotAttachedIsWaitedForOnlyByTheArchive() {
    open(OUTPUT, ON_REQUEST);
    keeping.given(FIRST, OUTPUT);
    request(1, OUTPUT);

    assertEquals(List.of("answer 1 [web output] []"), rotated(OUTPUT));
  }

  @Test
  void workerThatAttachesLaterIsMovedThen() {
    open(OUTPUT, ON_REQUEST);
    keeping.given(FIRST, OUTPUT);
    request(1, OUTPUT);
    rotated(OUTPUT);

    keeping.attached(FIRST);

    assertEquals(List.of("move web.g1/0 web output 1"), turn());
    assertEquals(List.of("archive web output 1"), moved(FIRST, OUTPUT, 2));
  }

  @Test
  void workerThatAttachesAfterSeveralRotationsIsMovedOnce() {
    open(OUTPUT, ON_REQUEST);
    keeping.given(FIRST, OUTPUT);
    request(1, OUTPUT);
    rotated(OUTPUT);
    request(2, OUTPUT);
    rotated(OUTPUT);

    keeping.attached(FIRST);

    assertEquals(List.of("move web.g1/0 web output 1"), turn());
    assertEquals(List.of("archive web output 1"), moved(FIRST, OUTPUT, 3));
  }

  @Test
  void workerIsToldOfOneFileAtATime() {
    rotateWith(FIRST);
    request(2, OUTPUT);

    assertEquals(List.of(), rotated(OUTPUT));
    assertEquals(
        List.of("move web.g1/0 web output 2", "archive web output 1", "answer 1 [web output] []"),
        moved(FIRST, OUTPUT, 2));
    assertEquals(
        List.of("archive web output 2", "answer 2 [web output] []"), moved(FIRST, OUTPUT, 3));
  }

  @Test
  void nobodyIsToldOfAFileThatIsBeingReplaced() {
    open(OUTPUT, ON_REQUEST);
    keeping.given(FIRST, OUTPUT);
    request(1, OUTPUT);
    rotated(OUTPUT);
    request(2, OUTPUT);

    keeping.attached(FIRST);

    assertEquals(List.of(), turn());
    assertEquals(List.of("move web.g1/0 web output 1", "archive web output 2"), rotated(OUTPUT));
    assertEquals(
        List.of("archive web output 1", "answer 2 [web output] []"), moved(FIRST, OUTPUT, 3));
  }

  @Test
  void workerThatIsGivenTheLogAgainStillHasTheOldFile() {
    rotateWith(FIRST);

    keeping.given(FIRST, OUTPUT);

    assertEquals(List.of(), turn());
    assertEquals(
        List.of("archive web output 1", "answer 1 [web output] []"), moved(FIRST, OUTPUT, 2));
  }

  @Test
  void lateWorkerIsWarnedAboutOnceAndNotWaitedForAnyLonger() {
    rotateWith(FIRST);

    assertEquals(List.of("measure web output"), after(9_999 * MILLI));
    assertEquals(List.of("warn " + LATE, "answer 1 [web output] [" + LATE + "]"), after(MILLI));
    assertEquals(LATE, condition());
    assertEquals(List.of(), after(3600 * SECOND));
  }

  @Test
  void lateWorkerIsToldAgainAtTheNextRotation() {
    rotateWith(FIRST);
    after(10 * SECOND);
    request(2, OUTPUT);

    assertEquals(List.of("move web.g1/0 web output 1"), rotated(OUTPUT));
    assertEquals(LATE, condition());
    moved(FIRST, OUTPUT, 3);
    assertEquals(LATE, condition()); // it may have moved to the second file before
    moved(FIRST, OUTPUT, 3);
    assertEquals("", condition());
  }

  @Test
  void lateWorkerThatMovesAfterAllIsFine() {
    rotateWith(FIRST);
    after(10 * SECOND);

    assertEquals(List.of("archive web output 1"), moved(FIRST, OUTPUT, 2));
    assertEquals("", condition());
  }

  /** It has carried out the first order meanwhile, so the second had nothing to replace. */
  @Test
  void lateWorkerIsMovedFromWhereTheFirstOrderPutIt() {
    rotateWith(FIRST);
    after(10 * SECOND);
    request(2, OUTPUT);
    rotated(OUTPUT);

    assertEquals(List.of("archive web output 1"), moved(FIRST, OUTPUT, 2));
    assertEquals(List.of("move web.g1/0 web output 2"), moved(FIRST, OUTPUT, 3));
    assertEquals(
        List.of("archive web output 2", "answer 2 [web output] []"), moved(FIRST, OUTPUT, 3));
  }

  /** Nobody knows whether it was carried out before its answer was lost. */
  @Test
  void orderWithoutAnAnswerLeavesTwoFilesToMoveFrom() {
    rotateWith(FIRST);
    after(10 * SECOND);
    request(2, OUTPUT);
    rotated(OUTPUT);

    assertEquals(
        List.of("move web.g1/0 web output 2", "archive web output 1"), moved(FIRST, OUTPUT, 3));
    assertEquals(
        List.of("archive web output 2", "answer 2 [web output] []"), moved(FIRST, OUTPUT, 3));
  }

  /** Even if that answer is late itself. */
  @Test
  void workerThatAnswersLateIsMovedFromTheOtherFileToo() {
    rotateWith(FIRST);
    after(10 * SECOND);
    request(2, OUTPUT);
    rotated(OUTPUT);
    after(10 * SECOND);

    assertEquals(
        List.of("move web.g1/0 web output 2", "archive web output 1"), moved(FIRST, OUTPUT, 3));
  }

  @Test
  void workerThatNeverAnswersIsToldThreeTimes() {
    rotateWith(FIRST);
    for (int i = 2; i <= 3; i++) {
      after(10 * SECOND);
      request(i, OUTPUT);
      assertEquals(List.of("move web.g1/0 web output 1"), rotated(OUTPUT));
    }
    after(10 * SECOND);
    request(4, OUTPUT);

    assertEquals(List.of("answer 4 [web output] [" + LATE + "]"), rotated(OUTPUT));
    assertEquals(
        List.of("move web.g1/0 web output 2", "archive web output 1"), moved(FIRST, OUTPUT, 2));
  }

  @Test
  void whoIsLateWhenThereIsYetAnotherFileIsToldOfThatAtOnce() {
    rotateWith(FIRST);
    after(9 * SECOND);
    request(2, OUTPUT);
    rotated(OUTPUT);

    assertEquals(
        List.of(
            "warn " + LATE, "move web.g1/0 web output 1", "answer 1 [web output] [" + LATE + "]"),
        after(SECOND));
  }

  @Test
  void refusalIsAnsweredAndKeepsTheFile() {
    rotateWith(FIRST);

    keeping.refused(FIRST, OUTPUT, "EBADF");

    String problem = "web.g1/0 cannot move to the new file: EBADF";
    assertEquals(List.of("answer 1 [web output] [" + problem + "]"), turn());
    assertEquals(problem, condition());
    assertEquals(List.of(), turn());
  }

  @Test
  void whoRefusedIsToldAgainAtTheNextRotation() {
    rotateWith(FIRST);
    keeping.refused(FIRST, OUTPUT, "EBADF");
    request(2, OUTPUT);

    assertEquals(List.of("move web.g1/0 web output 1"), rotated(OUTPUT));
  }

  /** It may have moved one of its descriptors before it failed at the next. */
  @Test
  void whoRefusedMayHaveMovedInPart() {
    rotateWith(FIRST);
    keeping.refused(FIRST, OUTPUT, "EBADF");
    request(2, OUTPUT);
    rotated(OUTPUT);

    assertEquals(
        List.of("move web.g1/0 web output 2", "archive web output 1"), moved(FIRST, OUTPUT, 3));
  }

  @Test
  void lateRefusalIsNotTakenForTheNextOrder() {
    rotateWith(FIRST);
    after(10 * SECOND);
    request(2, OUTPUT);
    rotated(OUTPUT);

    keeping.refused(FIRST, OUTPUT, "EBADF");

    assertEquals(List.of(), turn());
    assertEquals(LATE, condition());
  }

  @Test
  void workerThatDetachedAndLivesKeepsItsFile() {
    rotateWith(FIRST);

    keeping.detached(FIRST);

    assertEquals(List.of(), turn());
    assertEquals(List.of("answer 1 [web output] [" + LATE + "]"), answersAfter(10 * SECOND));
    keeping.gone(FIRST);
    assertEquals(List.of("archive web output 1"), turn());
  }

  private List<String> answersAfter(long nanos) {
    return after(nanos).stream().filter(one -> one.startsWith("answer")).toList();
  }

  @Test
  void workerThatDiesIsWaitedForByNobody() {
    rotateWith(FIRST);

    keeping.gone(FIRST);

    assertEquals(List.of("archive web output 1", "answer 1 [web output] []"), turn());
  }

  @Test
  void answerIsNotDelayedByLaterRotations() {
    open(OUTPUT, ON_REQUEST);
    given(FIRST, OUTPUT);
    given(OTHER, OUTPUT);
    request(1, OUTPUT);
    rotated(OUTPUT);
    moved(OTHER, OUTPUT, 2);
    after(10 * SECOND);
    request(2, OUTPUT);
    rotated(OUTPUT);
    request(3, OUTPUT);

    assertEquals(List.of("answer 2 [web output] [" + LATE + "]"), answersAfter(10 * SECOND));
  }

  @Test
  void requestForSeveralLogsIsAnsweredWhenAllAreDone() {
    open(OUTPUT, ON_REQUEST);
    open(ACCESS, ON_REQUEST);
    given(FIRST, ACCESS);
    request(1, OUTPUT, ACCESS);
    keeping.failed(OUTPUT, "disk full", now);

    assertEquals(List.of("move web.g1/0 web access 1"), rotated(ACCESS));
    assertEquals(
        List.of("archive web access 1", "answer 1 [web access] [disk full]"),
        moved(FIRST, ACCESS, 2));
  }

  // Archives

  @Test
  void whoStaysBehindHoldsUpNoOtherFile() {
    open(OUTPUT, ON_REQUEST);
    keeping.given(FIRST, OUTPUT);
    request(1, OUTPUT);
    rotated(OUTPUT);
    request(2, OUTPUT);

    assertEquals(List.of("archive web output 2", "answer 2 [web output] []"), rotated(OUTPUT));
    keeping.gone(FIRST);
    assertEquals(List.of("archive web output 1"), turn());
  }

  @Test
  void fileWaitsForAllWhoHaveIt() {
    open(OUTPUT, ON_REQUEST);
    given(FIRST, OUTPUT);
    given(OTHER, OUTPUT);
    request(1, OUTPUT);
    rotated(OUTPUT);
    moved(FIRST, OUTPUT, 2);
    keeping.refused(OTHER, OUTPUT, "EBADF");
    turn();

    keeping.gone(OTHER);

    assertEquals(List.of("archive web output 1"), turn());
  }

  // Looks

  @Test
  void quietLogIsLookedAtSeldom() {
    open(OUTPUT, BY_SIZE);

    assertEquals(now + 5 * SECOND, keeping.nextDeadline(now));

    look();
    measured(0); // for the second time nothing new

    assertEquals(now + 15 * SECOND, keeping.nextDeadline(now));
  }

  @Test
  void logThatGrowsAgainIsLookedAtMoreOften() {
    open(OUTPUT, BY_SIZE);
    look();
    measured(0);
    assertEquals(List.of("measure web output"), after(15 * SECOND));

    measured(1);

    assertEquals(now + 5 * SECOND, keeping.nextDeadline(now));
  }

  @Test
  void fastLogIsLookedAtBeforeItIsLarge() {
    open(OUTPUT, BY_SIZE);
    look();

    measured(500); // in five seconds: another 500 in five, half of which is 2.5

    assertEquals(now + 2_500 * MILLI, keeping.nextDeadline(now));
  }

  @Test
  void looksAreNeverCloserThanATenthOfASecond() {
    open(OUTPUT, BY_SIZE);
    look();

    measured(999);

    assertEquals(now + 100 * MILLI, keeping.nextDeadline(now));
  }

  @Test
  void logIsNotLookedAtTwiceAtATime() {
    open(OUTPUT, BY_SIZE);
    look();

    assertEquals(List.of(), after(60 * SECOND));
  }

  @Test
  void allLogsThatAreDueAreLookedAtTogether() {
    keeping.opened(OUTPUT, BY_SIZE, now);
    keeping.opened(ACCESS, BY_SIZE, now);

    assertEquals(List.of("measure web output, web access"), turn());
  }

  @Test
  void nothingIsDueBeforeTheDeadline() {
    open(OUTPUT, policy(1_000, Duration.ofSeconds(17)));
    given(FIRST, OUTPUT);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long deadline = keeping.nextDeadline(now);
      now = deadline - 1;
      assertEquals(List.of(), turn());
      now = deadline;
      List<String> due = turn();
      assertFalse(due.isEmpty(), "nothing is due at the deadline");
      all.addAll(due);
      due.forEach(this::obey);
      turn();
    }

    assertTrue(all.contains("rotate web output"));
  }

  /** As a quiet log and a worker that never answers do. */
  private void obey(String order) {
    switch (order.substring(0, order.indexOf(' '))) {
      case "measure" -> keeping.measured(OUTPUT, 10, true, "", now);
      case "rotate" -> keeping.rotated(OUTPUT, now);
      default -> {}
    }
  }

  // Logs of one worker

  @Test
  void logsAreListedByService() {
    LogId own = new LogId("web", "output", FIRST);
    keeping.opened(own, ON_REQUEST, now);
    keeping.opened(new LogId("", "supervisor", null), ON_REQUEST, now);

    assertEquals(List.of(own), keeping.of("web"));
    assertEquals(2, keeping.all().size());
    assertEquals("web.g1/0 output", own.toString());
  }

  @Test
  void logThatIsClosedWhileItIsAskedForIsNotWaitedFor() {
    open(OUTPUT, ON_REQUEST);
    request(1, OUTPUT);

    keeping.closed(OUTPUT);

    assertEquals(List.of("answer 1 [] []"), turn());
    assertEquals(List.of(), keeping.all());
    assertEquals(List.of(), keeping.all());
    assertEquals(List.of(), keeping.status());
  }

  @Test
  void logThatIsClosedLeavesItsOldFilesToBeArchived() {
    rotateWith(FIRST);

    keeping.gone(FIRST);
    keeping.closed(OUTPUT);

    assertEquals(List.of("archive web output 1", "answer 1 [] []"), turn());
    assertEquals(List.of(), after(3600 * SECOND));
  }

  @Test
  void rotationOfALogThatIsClosedMeanwhileLeavesAFileToo() {
    open(OUTPUT, BY_AGE);
    request(1, OUTPUT);
    keeping.closed(OUTPUT);
    turn();

    assertEquals(List.of("archive web output 1"), rotated(OUTPUT));
    assertEquals(List.of(), after(3600 * SECOND));
  }

  @Test
  void rotationThatFailsAfterTheLogIsClosedIsNotTriedAgain() {
    open(OUTPUT, BY_AGE);
    request(1, OUTPUT);
    keeping.closed(OUTPUT);

    keeping.failed(OUTPUT, "no such directory", now);

    assertEquals(List.of("answer 1 [] []"), turn());
    assertEquals(List.of(), after(3600 * SECOND));
  }

  @Test
  void logThatIsOpenedAgainIsAnotherOne() {
    open(OUTPUT, ON_REQUEST);
    open(ACCESS, ON_REQUEST);
    request(1, OUTPUT, ACCESS);
    keeping.closed(OUTPUT);
    turn();
    rotated(OUTPUT);

    open(OUTPUT, ON_REQUEST);

    assertEquals(List.of("archive web access 1", "answer 1 [web access] []"), rotated(ACCESS));
  }

  @Test
  void factsOfALogThatIsClosedMeanNothing() {
    rotateWith(FIRST);
    keeping.gone(FIRST);
    keeping.closed(OUTPUT);
    turn();

    keeping.given(FIRST, OUTPUT);
    keeping.measured(OUTPUT, 10_000, false, "", now);
    keeping.configured(OUTPUT, BY_AGE);
    keeping.moved(FIRST, OUTPUT, 2);
    keeping.refused(FIRST, OUTPUT, "EBADF");
    keeping.rotated(OUTPUT, now);
    keeping.failed(OUTPUT, "disk full", now);

    assertEquals(List.of(), after(3600 * SECOND));
  }

  // What happens

  private static Rotation policy(long maxBytes, Duration maxAge) {
    return new Rotation(maxBytes, maxAge, 10, 0, Duration.ZERO, true);
  }

  /** And looks once: it is empty. */
  private void open(LogId log, Rotation policy) {
    keeping.opened(log, policy, now);
    turn();
    keeping.measured(log, 0, true, "", now);
    turn();
  }

  private void given(WorkerId worker, LogId log) {
    keeping.given(worker, log);
    keeping.attached(worker);
  }

  /** Up to the order. */
  private void rotateWith(WorkerId worker) {
    open(OUTPUT, ON_REQUEST);
    given(worker, OUTPUT);
    request(1, OUTPUT);
    assertEquals(List.of("move " + worker + " web output 1"), rotated(OUTPUT));
  }

  private List<String> request(long number, LogId... which) {
    keeping.rotate(number, List.of(which), now);
    return turn();
  }

  private List<String> rotated(LogId log) {
    keeping.rotated(log, now);
    return turn();
  }

  private List<String> moved(WorkerId worker, LogId log, long number) {
    keeping.moved(worker, log, number);
    return turn();
  }

  private void measured(long bytes) {
    keeping.measured(OUTPUT, bytes, true, "", now);
  }

  private void look() {
    assertEquals(List.of("measure web output"), after(5 * SECOND));
  }

  private String condition() {
    return keeping.status().get(0).condition();
  }

  private List<String> after(long nanos) {
    now += nanos;
    return turn();
  }

  /** Plans; returns what was decided. A second plan at once has nothing to add. */
  private List<String> turn() {
    keeping.plan(now).forEach(action -> action.accept(written));
    List<String> decided = List.copyOf(written.orders);
    written.orders.clear();
    assertEquals(0, keeping.plan(now).size(), "a second plan at once is not empty");
    return decided;
  }

  /** Writes down what is asked for, in words. */
  private static final class Written implements LogEdges {
    private final List<String> orders = new ArrayList<>();

    @Override
    public void measure(List<LogId> logs) {
      orders.add("measure " + String.join(", ", logs.stream().map(LogId::toString).toList()));
    }

    @Override
    public void rotate(LogId log) {
      orders.add("rotate " + log);
    }

    @Override
    public void move(WorkerId worker, LogId log, long held) {
      orders.add("move " + worker + " " + log + " " + held);
    }

    @Override
    public void archive(LogId log, long number) {
      orders.add("archive " + log + " " + number);
    }

    @Override
    public void warn(LogId log, String problem) {
      orders.add("warn " + problem);
    }

    @Override
    public void answer(long request, LogRotation result) {
      ImmutableList<LogId> logs = result.rotated();
      orders.add("answer " + request + " " + logs + " " + result.problems());
    }
  }
}
