package dev.baton.supervisor.core;

import dev.baton.supervisor.config.Rotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Thousands of hosts with logs that grow, fail and are moved away, and with workers that attach
 * late or never, hang, lose orders, refuse and die, under requests and reloads at random moments;
 * {@link LogWorld} knows who really writes into which file, and checks the invariants after every
 * step. A failure names its seed: replay it with {@code -Dbaton.seed=}.
 */
final class LogSimulationTest {
  private static final int RUNS = Integer.getInteger("baton.simulations", 6_000) / 5;
  private static final int MOST_WORKERS = 6;
  private static final List<String> SERVICES = List.of("web", "api", "jobs");

  @Test
  void noRunBreaksAnInvariant() {
    Long replay = Long.getLong("baton.seed");
    if (replay != null) {
      run(replay, true);
      return;
    }
    long seed = new Random().nextLong();
    long rotations = 0;
    long archives = 0;
    long requests = 0;
    for (int i = 0; i < RUNS; i++) {
      LogWorld world = run(seed + i, false);
      rotations += world.rotations();
      archives += world.archives();
      requests += world.requests();
    }
    System.out.println(
        RUNS
            + " simulated hosts, "
            + requests
            + " requests, "
            + rotations
            + " rotations, "
            + archives
            + " archives, from seed "
            + seed);
  }

  private static LogWorld run(long seed, boolean remember) {
    Random random = new Random(seed);
    LogWorld world = new LogWorld(random, remember);
    try {
      world.live(200 + random.nextInt(600), () -> command(world, random));
      world.end();
      return world;
    } catch (AssertionError | RuntimeException e) {
      if (remember) {
        String what = "seed " + seed + ": " + e.getMessage() + "\n" + world.history();
        throw new AssertionError(what, e);
      }
      run(seed, true); // the same once more, with its history
      throw e;
    }
  }

  private static void command(LogWorld world, Random random) {
    List<LogId> logs = world.logs();
    List<WorkerId> workers = world.workers();
    if (workers.size() < MOST_WORKERS && world.chance(workers.isEmpty() ? 50 : 3)) {
      spawn(world, random);
    }
    if (!logs.isEmpty()) {
      commandTo(world, anyOf(logs, random), random);
    }
    if (!workers.isEmpty() && world.chance(2)) {
      WorkerId worker = anyOf(workers, random);
      if (world.chance(30)) {
        world.die(worker);
      } else if (!worker.service().equals("jobs")) {
        world.ask(worker, new LogId(worker.service(), "access", null));
      }
    }
  }

  private static void commandTo(LogWorld world, LogId log, Random random) {
    switch (random.nextInt(60)) {
      case 0, 1 -> world.request(some(world.logs(), random));
      case 2 -> world.request(List.of(log));
      case 3 -> world.configure(log, policy(random));
      case 4 -> world.moveAway(log);
      case 5, 6 -> world.grow(log, random.nextInt(3) == 0 ? 0 : 1L << random.nextInt(12));
      default -> {}
    }
  }

  /** Workers of {@code jobs} have logs of their own, the others share those of their service. */
  private static void spawn(LogWorld world, Random random) {
    String service = anyOf(SERVICES, random);
    WorkerId worker = new WorkerId(service, world.nextWorker(), 0, 1);
    @Nullable WorkerId owner = service.equals("jobs") ? worker : null;
    List<LogId> given = new ArrayList<>();
    given.add(new LogId(service, "output", owner));
    if (random.nextBoolean()) {
      given.add(new LogId(service, "error", owner));
    }
    given.forEach(log -> world.open(log, policy(random)));
    if (owner == null) {
      world.open(new LogId(service, "access", null), policy(random));
    }
    world.spawn(worker, given);
  }

  private static <T> List<T> some(List<T> all, Random random) {
    return all.stream().filter(one -> random.nextInt(3) > 0).toList();
  }

  private static <T> T anyOf(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  private static Rotation policy(Random random) {
    return new Rotation(
        random.nextBoolean() ? 0 : 1L << (8 + random.nextInt(8)),
        random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(500L << random.nextInt(10)),
        10,
        0,
        Duration.ZERO,
        true);
  }
}
