package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.FailurePolicy;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.Readiness;
import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.Compare;
import dev.baton.supervisor.config.RestartPolicy.Memory;
import dev.baton.supervisor.config.RestartPolicy.OnFailure;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.config.WarmUp;
import dev.baton.supervisor.core.Operation.Kind;
import dev.baton.supervisor.core.Operation.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of supervisors with services whose workers crash, hang, lose orders and bind too
 * little, under commands and reloads at random moments, with a clock that leaps; {@link World}
 * checks the invariants after every step. A failure names its seed: replay it with {@code
 * -Dbaton.seed=}.
 */
final class SimulationTest {
  private static final List<Strategy> STRATEGIES = List.of(Strategy.values());
  private static final List<Memory> MEMORIES = List.of(Memory.values());
  private static final int RUNS = Integer.getInteger("baton.simulations", 4_000);

  @Test
  void noRunBreaksAnInvariant() {
    Long replay = Long.getLong("baton.seed");
    if (replay != null) {
      run(replay, true);
      return;
    }
    long seed = new Random().nextLong();
    Figures all =
        LongStream.range(seed, seed + RUNS)
            .parallel() // each is a world of its own
            .mapToObj(one -> Figures.of(run(one, false)))
            .reduce(new Figures(0, 0, 0), Figures::plus);
    System.out.println(
        RUNS
            + " simulated supervisors, "
            + all.operations()
            + " operations, "
            + all.restarts()
            + " restarts, "
            + all.deaths()
            + " deaths, from seed "
            + seed);
  }

  private record Figures(long restarts, long operations, long deaths) {
    static Figures of(World world) {
      return new Figures(world.restarts(), world.ended(), world.deaths());
    }

    Figures plus(Figures other) {
      return new Figures(
          restarts + other.restarts, operations + other.operations, deaths + other.deaths);
    }
  }

  private static World run(long seed, boolean remember) {
    Random random = new Random(seed);
    World world = new World(config(random), random, remember);
    try {
      world.live(200 + random.nextInt(300), () -> command(world, random));
      world.stop();
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

  private static void command(World world, Random random) {
    if (!world.chance(4)) {
      return;
    }
    if (world.chance(15)) {
      world.reload(config(random));
      return;
    }
    List<String> services = world.supervision().services();
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (String service : services) {
      if (random.nextInt(services.size() + 1) > 0) {
        steps.add(step(service, random));
      }
    }
    if (!steps.build().isEmpty()) {
      world.command(new Operation(world.nextOperation(), steps.build(), random.nextBoolean()));
    }
  }

  private static Step step(String service, Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> Step.of(service, Kind.STOP);
      case 1 -> Step.of(service, Kind.START);
      case 2 -> new Step(service, Kind.SCALE, 1 + random.nextInt(4), null);
      case 3 -> Step.of(service, Kind.RESET);
      case 4, 5 -> Step.of(service, Kind.ROLLBACK);
      case 6, 7 -> Step.of(service, Kind.PROMOTE);
      default -> new Step(service, Kind.RESTART, 0, strategy(random));
    };
  }

  private static Strategy strategy(Random random) {
    return anyOf(STRATEGIES, random);
  }

  private static <T> T anyOf(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  private static Config config(Random random) {
    ImmutableMap.Builder<String, ServiceConfig> services = ImmutableMap.builder();
    List<String> names = new ArrayList<>();
    for (String name : List.of("db", "web", "api")) {
      if (random.nextInt(3) > 0) {
        services.put(name, service(name, names, random));
        names.add(name);
      }
    }
    return new Config("sim", services.build(), 4096, SupervisorLog.DEFAULT);
  }

  private static ServiceConfig service(String name, List<String> before, Random random) {
    ServiceConfig.Builder service =
        ServiceConfig.running(name, List.of("java", "v" + random.nextInt(3)))
            .workers(1 + random.nextInt(3))
            .gentleStart(random.nextBoolean())
            .standby(random.nextInt(2))
            .readiness(readiness(random))
            .restart(policy(random))
            .failure(failure(random));
    if (!before.isEmpty() && random.nextBoolean()) {
      service.after(ImmutableSet.of(before.get(random.nextInt(before.size()))));
    }
    if (random.nextBoolean()) {
      Address address = new Address(Address.Kind.TCP, "*", 7000 + random.nextInt(2), "");
      service.listeners(ImmutableList.of(ListenerConfig.of(address, 128)));
    }
    return service.build();
  }

  private static Readiness readiness(Random random) {
    Duration every = Duration.ofSeconds(random.nextBoolean() ? 0 : 1 + random.nextInt(20));
    return new Readiness(
        ImmutableList.of(new Gate.Tcp(Gate.DEFAULT_TIMEOUT)),
        every,
        1 + random.nextInt(3),
        random.nextInt(3) > 0 ? null : WarmUp.of(ImmutableList.of("/"), Duration.ofSeconds(3)));
  }

  private static RestartPolicy policy(Random random) {
    int surge = random.nextInt(3);
    return new RestartPolicy(
        strategy(random),
        surge,
        surge == 0 ? 1 : random.nextInt(2),
        Duration.ofSeconds(1 + random.nextInt(20)),
        new Compare(random.nextBoolean(), random.nextInt(3), random.nextBoolean() ? "" : "Error"),
        random.nextBoolean() ? OnFailure.ROLLBACK : OnFailure.HALT,
        anyOf(MEMORIES, random),
        Duration.ofSeconds(random.nextBoolean() ? 0 : 1 + random.nextInt(600)));
  }

  private static FailurePolicy failure(Random random) {
    return new FailurePolicy(
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        1 + random.nextInt(5),
        Duration.ofMinutes(5),
        Duration.ofSeconds(random.nextBoolean() ? 0 : 3 + random.nextInt(30)));
  }
}
