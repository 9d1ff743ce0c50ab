package dev.baton.supervisor.core;

import static dev.baton.supervisor.core.Scripted.id;
import static dev.baton.supervisor.core.Scripted.serving;
import static dev.baton.supervisor.core.Scripted.web;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a restart does where old and new do not fit side by side. */
final class MemoryTest {
  private static final RestartPolicy TWO_AT_A_TIME = Policies.rolling(2, 0);

  private static Memory left(long mebibytes) {
    return new Memory(mebibytes << 20, 100L << 20, "the host");
  }

  @Test
  void oneSlotAtATimeWhereTwoDoNotFit() {
    Scripted web = serving(web(2).restart(TWO_AT_A_TIME));
    web.memory = left(150);

    assertEquals(List.of("spawn web.g2/0"), web.restart());
    web.serves(id(2, 0, 1));
    assertEquals(List.of("forget web.g1/0", "spawn web.g2/1"), web.leaves(id(1, 0, 1)));
    web.serves(id(2, 1, 1));
    web.leaves(id(1, 1, 1));

    assertEquals(
        "generation 2 serves, one slot at a time because 2 more workers take 200 MiB beside the"
            + " old, the host has 150 MiB left",
        web.reason());
  }

  @Test
  void allAtOnceBecomesOneByOneToo() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.ALL_AT_ONCE)));
    web.memory = left(150);

    assertEquals(List.of("spawn web.g2/0"), web.restart());
    web.boots(id(2, 0, 1));
    assertEquals(List.of("switch web.g2/0 SHARED"), web.passes(id(2, 0, 1)));
  }

  @Test
  void refusedWithTheFiguresWhereNotEvenOneFits() {
    Scripted web = serving(web(2).restart(TWO_AT_A_TIME));
    web.memory = left(60);

    assertEquals(List.of("failed"), web.restart());

    assertEquals(
        "too little memory: 2 more workers take 200 MiB beside the old, the host has 60 MiB left;"
            + " free some, or set restart.memory",
        web.reason());
    assertEquals(Set.of("web.g2"), web.discarded, "its copies are of no use");
  }

  @Test
  void refusedAtOnceIfThePolicySaysSo() {
    Scripted web =
        serving(web(2).restart(Policies.memory(TWO_AT_A_TIME, RestartPolicy.Memory.REFUSE)));
    web.memory = left(150);

    assertEquals(List.of("failed"), web.restart(), "one would fit");
  }

  @Test
  void notLookedAtIfThePolicySaysSo() {
    Scripted web =
        serving(web(2).restart(Policies.memory(TWO_AT_A_TIME, RestartPolicy.Memory.IGNORE)));
    web.memory = left(0);

    assertEquals(List.of("spawn web.g2/0", "spawn web.g2/1"), web.restart());
  }

  @Test
  void exclusiveNeedsNone() {
    Scripted web = serving(web(1).restart(Policies.with(Strategy.EXCLUSIVE)));
    web.memory = left(0);

    assertEquals(List.of("switch web.g1/0 PRIVATE"), web.restart());
  }

  @Test
  void handoverOfSeveralCannotGoOneByOne() {
    Scripted web = serving(web(2).restart(Policies.with(Strategy.HANDOVER)));
    web.memory = left(150);

    assertEquals(List.of("failed"), web.restart());
  }

  @Test
  void parkedGoesFirstAndThenTheMemoryIsLookedAtAgain() {
    Scripted web = parked();
    web.memory = left(60);
    assertEquals(List.of("terminate web.g1/0"), web.restart(), "nobody is launched yet");

    web.memory = left(160);

    assertEquals(List.of("forget web.g1/0", "spawn web.g3/0"), web.dies(id(1, 0, 1), 143));
  }

  @Test
  void refusedIfThatWasNotEnough() {
    Scripted web = parked();
    web.memory = left(60);
    web.restart();

    assertEquals(List.of("forget web.g1/0", "failed"), web.dies(id(1, 0, 1), 143));
    assertEquals(WorkerState.SERVING, web.state(id(2, 0, 1)));
  }

  /** Generation 2 serves, generation 1 is kept. */
  private static Scripted parked() {
    Scripted web = serving(web(1).restart(Policies.parking(10)));
    web.restart();
    web.serves(id(2, 0, 1));
    web.drains(id(1, 0, 1));
    return web;
  }
}
