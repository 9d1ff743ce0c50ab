package dev.baton.supervisor.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.supervisor.config.ServiceConfig;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Thousands of services with workers that crash, hang, lose orders and bind too little, under
 * commands at random moments; {@link World} checks the invariants after every step. A failure names
 * its seed: replay it with {@code -Dbaton.seed=}.
 */
final class SimulationTest {
  private static final int RUNS = Integer.getInteger("baton.simulations", 3000);

  @Test
  void noRunBreaksAnInvariant() {
    Long replay = Long.getLong("baton.seed");
    if (replay != null) {
      run(replay);
      return;
    }
    long seed = new Random().nextLong();
    int restarts = 0;
    for (int i = 0; i < RUNS; i++) {
      restarts += run(seed + i);
    }
    System.out.println(RUNS + " simulated services, " + restarts + " restarts, from seed " + seed);
  }

  /** Returns how many restarts ended in it. */
  private static int run(long seed) {
    Random random = new Random(seed);
    World world = new World(config(1 + random.nextInt(3)), random);
    try {
      world.live(200 + random.nextInt(200));
      world.stop();
      assertEquals(world.begun(), world.finished(), "every restart ends once");
      return world.finished();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + world.history(), e);
    }
  }

  private static ServiceConfig config(int workers) {
    return ServiceConfig.running("sim", List.of("java")).workers(workers).build();
  }
}
