package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.Scripted.serving;
import static dev.baton.supervisor.core.Scripted.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.FailurePolicy;
import dev.baton.supervisor.config.Readiness;
import dev.baton.supervisor.core.Operation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Workers that die again and again, that say nothing, that are sick. */
final class FailureTest {
  private static final WorkerId FIRST = id(1, 0, 1);
  private static final WorkerId SECOND = id(1, 0, 2);

  private static FailurePolicy budget(int crashes) {
    FailurePolicy plain = FailurePolicy.DEFAULT;
    return new FailurePolicy(
        plain.backOff(), plain.longestBackOff(), crashes, plain.period(), plain.watchdog());
  }

  // Back-off and budget

  @Test
  void backOffDoublesUpToTheLongest() {
    Scripted web = serving(web(1).failure(budget(100)));
    List<Long> waits = new ArrayList<>();
    WorkerId dying = FIRST;
    for (int attempt = 2; attempt < 12; attempt++) {
      web.dies(dying, 1);
      waits.add((web.supervision.nextDeadline(web.now) - web.now) / 1_000_000);
      web.after(13);
      dying = id(1, 0, attempt);
      web.supervision.workerSpawned(dying, 100, ArchiveUse.NONE);
    }

    for (int i = 0; i < waits.size(); i++) {
      long expected = Math.min(100L << i, 10_000);
      long wait = waits.get(i);
      assertTrue(expected <= wait && wait <= expected * 5 / 4, i + ": " + waits);
    }
  }

  @Test
  void slotsThatFailTogetherDoNotReturnTogether() {
    Scripted web = serving(web(8));
    for (int slot = 0; slot < 8; slot++) {
      web.dies(id(1, slot, 1), 1);
    }

    Set<Long> returns = new HashSet<>();
    for (int turns = 0; turns < 100 && returns.size() < 8; turns++) {
      web.now = web.supervision.nextDeadline(web.now);
      if (web.turn().stream().anyMatch(asked -> asked.startsWith("spawn"))) {
        returns.add(web.now);
      }
    }

    assertEquals(8, returns.size(), "each at an instant of its own");
  }

  /** Slot 0 has used up its budget of two crashes. */
  private static Scripted failed() {
    Scripted web = serving(web(2).failure(budget(2)));
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertEquals(List.of("forget " + id(1, 0, attempt)), web.dies(id(1, 0, attempt), 1));
      List<String> again = List.of("spawn " + id(1, 0, attempt + 1));
      assertEquals(attempt < 3 ? again : List.of(), web.after(1));
      web.supervision.workerSpawned(id(1, 0, attempt + 1), 100, ArchiveUse.NONE);
    }
    return web;
  }

  @Test
  void exhaustedBudgetIsAFailureWithItsReason() {
    Scripted web = failed();

    assertEquals(ServiceStatus.Phase.FAILED, web.status().phase());
    assertEquals(
        "web.g1/0#3 exited with status 1 before it served, the last of 3 failures",
        web.status().reason());
    assertEquals(List.of(), web.after(20), "it is not tried again");
  }

  @Test
  void otherSlotsServeOn() {
    Scripted web = failed();

    assertEquals(WorkerState.SERVING, web.state(id(1, 1, 1)));
  }

  @Test
  void resetTriesAgain() {
    Scripted web = failed();

    web.refusal = web.begin(Kind.RESET);
    assertEquals(List.of("spawn web.g1/0#4"), web.turn());
    assertNull(web.refusal);
    web.boots(id(1, 0, 4));
    web.passes(id(1, 0, 4));

    assertEquals(List.of("succeeded"), web.switched(id(1, 0, 4), Face.SHARED));
    assertEquals(ServiceStatus.Phase.SERVING, web.status().phase());
  }

  @Test
  void restartOfAFailedServiceFillsAllItsSlots() {
    Scripted web = failed();

    assertEquals(List.of("spawn web.g2/0"), web.restart());
    web.serves(id(2, 0, 1));
    web.serves(id(2, 1, 1));
    assertEquals(List.of("forget web.g1/1", "succeeded"), web.leaves(id(1, 1, 1)));

    assertEquals(ServiceStatus.Phase.SERVING, web.status().phase());
  }

  @Test
  void nobodyReturnsToAGenerationThatCouldNotBeCopied() {
    Scripted web = new Scripted(Config.of(web(1).failure(budget(0)).build(), 4096), false);
    web.preparationFailure = "disk full";
    web.turn();
    web.preparationFailure = "";

    assertEquals(List.of("spawn web.g2/0"), web.restart());
    web.supervision.workerSpawned(id(2, 0, 1), 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g2/0", "failed"), web.dies(id(2, 0, 1), 1));
    assertEquals(ServiceStatus.Phase.FAILED, web.status().phase());
    assertEquals("disk full, the last of 1 failures", web.status().reason());
  }

  // The watchdog

  /** So many questions of the watchdog, ten seconds apart, go unanswered. */
  private static List<String> silence(Scripted web, int questions) {
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < questions; i++) {
      asked.addAll(web.after(10));
    }
    return asked;
  }

  @Test
  void threeUnansweredQuestionsAreAThreadDumpAndAReplacementThatIsReadyFirst() {
    Scripted web = serving(web(1));

    assertEquals(List.of(), silence(web, 3), "the third may be answered yet");
    assertEquals(List.of("diagnose web.g1/0", "spawn web.g1/0#2"), silence(web, 1));
    assertEquals("does not answer its watchdog", web.status().workers().get(0).trouble());
    web.boots(SECOND);
    assertEquals(List.of("switch web.g1/0#2 SHARED"), web.passes(SECOND));

    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.switched(SECOND, Face.SHARED));
  }

  @Test
  void anySignOfLifeInBetweenCounts() {
    Scripted web = serving(web(1));
    silence(web, 3);
    web.supervision.heard(FIRST);

    assertEquals(List.of(), silence(web, 3));
    assertEquals(List.of("diagnose web.g1/0", "spawn web.g1/0#2"), silence(web, 1));
  }

  @Test
  void figuresAreShownAndDecideNothing() {
    Scripted web = serving(web(1));
    Figures full = new Figures(web.now, "25.0.3", 1 << 30, 1 << 30, 999, 9000, 9000, 1);

    web.supervision.workerTells(FIRST, full);

    assertEquals(List.of(), web.turn());
    assertEquals(full, web.status().workers().get(0).figures());
  }

  @Test
  void nobodyIsAskedBeforeAndAfterItServes() {
    Scripted web = new Scripted(1);
    web.turn();
    web.boots(FIRST);
    silence(web, 5);
    assertEquals(List.of(), web.pinged, "its start may stall");
    web.passes(FIRST);
    web.switched(FIRST, Face.SHARED);
    web.supervision.stop(web.now);
    web.turn();
    web.switched(FIRST, Face.PRIVATE);
    web.counted(FIRST, 1);

    silence(web, 2);

    assertEquals(List.of(), web.pinged, "so may its end");
  }

  @Test
  void nobodyIsAskedWithoutAWatchdog() {
    FailurePolicy plain = FailurePolicy.DEFAULT;
    Scripted web =
        serving(
            web(1)
                .failure(
                    new FailurePolicy(
                        plain.backOff(),
                        plain.longestBackOff(),
                        plain.budget(),
                        plain.period(),
                        Duration.ZERO)));

    assertEquals(List.of(), silence(web, 20));
    assertEquals(List.of(), web.pinged);
  }

  @Test
  void replacementThatFailsKeepsTheSickOneAndIsTriedAgain() {
    Scripted web = serving(web(1));
    silence(web, 4);
    web.supervision.workerSpawned(SECOND, 100, ArchiveUse.NONE);

    assertEquals(List.of("forget web.g1/0#2"), web.dies(SECOND, 1));
    assertEquals(WorkerState.SERVING, web.state(FIRST));

    assertEquals(List.of("spawn web.g1/0#3"), web.after(1));
  }

  @Test
  void restartReplacesTheSickOneByANewGeneration() {
    Scripted web = serving(web(1));
    silence(web, 4);
    web.boots(SECOND);

    assertEquals(List.of("terminate web.g1/0#2", "spawn web.g2/0"), sorted(web.restart()));
  }

  @Test
  void restartKeepsWhoFollowsASickOneThatHasDied() {
    Scripted web = serving(web(1));
    silence(web, 4);
    web.boots(SECOND);
    assertEquals(List.of("forget web.g1/0"), web.dies(FIRST, 1));

    assertEquals(List.of("spawn web.g2/0"), web.restart());
    assertEquals(List.of("switch web.g1/0#2 SHARED"), web.passes(SECOND));
  }

  private static List<String> sorted(List<String> asked) {
    return asked.stream().sorted((a, b) -> b.compareTo(a)).toList();
  }

  // Probes of those who serve

  private static Scripted checked(int workers) {
    Readiness plain = Readiness.DEFAULT;
    return serving(
        web(workers).readiness(new Readiness(plain.gates(), Duration.ofSeconds(10), 3, null)));
  }

  @Test
  void workerThatFailsItsGatesThriceIsReplaced() {
    Scripted web = checked(1);
    for (int i = 0; i < 2; i++) {
      assertEquals(List.of("probe web.g1/0 SHARED"), web.after(10));
      web.supervision.heard(FIRST);
      web.supervision.probed(FIRST, false, "/health answered 503", 0, web.now);
      assertEquals(List.of(), web.turn());
    }
    web.after(10);
    web.supervision.probed(FIRST, false, "/health answered 503", 0, web.now);

    assertEquals(List.of("diagnose web.g1/0", "spawn web.g1/0#2"), web.turn());
    assertEquals("/health answered 503, 3 times in a row", web.status().workers().get(0).trouble());
  }

  @Test
  void oneGoodAnswerForgivesTheBadOnes() {
    Scripted web = checked(1);
    for (boolean passes : List.of(false, false, true, false, false)) {
      assertEquals(List.of("probe web.g1/0 SHARED"), web.after(10));
      web.supervision.heard(FIRST);
      web.supervision.probed(FIRST, passes, "", 0, web.now);
      assertEquals(List.of(), web.turn());
    }
  }

  @Test
  void oneOfSeveralIsTriedOnItsPrivateFaceWhileTheOtherAccepts() {
    Scripted web = checked(2);

    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.after(10));
    assertEquals(List.of("probe web.g1/0"), web.switched(FIRST, Face.PRIVATE));
    assertEquals(List.of(), web.after(6), "the other has to stay where it is");
    assertEquals(List.of("switch web.g1/0 SHARED"), web.passes(FIRST));
    assertEquals(List.of("switch web.g1/1 PRIVATE"), web.switched(FIRST, Face.SHARED));
  }

  @Test
  void theOnlyOneThatAcceptsIsTriedWhereItIs() {
    Scripted web = checked(2);
    web.dies(id(1, 1, 1), 1);
    web.after(1);

    List<String> asked = web.after(9);

    assertTrue(asked.contains("probe web.g1/0 SHARED"), asked.toString());
    assertFalse(asked.contains("switch web.g1/0 PRIVATE"), asked.toString());
  }

  @Test
  void whoSteppedAsideComesBackAtOnceWhenTheOtherDies() {
    Scripted web = checked(2);
    web.after(10);
    web.switched(FIRST, Face.PRIVATE);

    List<String> asked = web.dies(id(1, 1, 1), 1);

    assertTrue(asked.contains("switch web.g1/0 SHARED"), "nobody else accepts: " + asked);
    assertEquals(List.of(), web.passes(FIRST), "the answer of its gates comes too late");
    assertEquals(List.of(), web.switched(FIRST, Face.SHARED));
  }
}
