package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor has to know to go on where another one ended. No instants are in it: the time
 * in between was nobody's, so every deadline begins again.
 *
 * @param services in the order of the configuration
 * @param removed the last generation of services that are not there any more, by name
 * @param operations those under way
 * @param stopping whether everything was about to end
 */
public record Snapshot(
    ImmutableList<OfService> services,
    ImmutableMap<String, Integer> removed,
    ImmutableList<OfOperation> operations,
    boolean stopping) {

  /**
   * The same with other workers.
   *
   * @param one returns what is known of a worker by now, null for one that never was
   */
  public Snapshot with(Function<OfWorker, @Nullable OfWorker> one) {
    ImmutableList.Builder<OfService> all = ImmutableList.builder();
    services.forEach(service -> all.add(service.with(one)));
    return new Snapshot(all.build(), removed, operations, stopping);
  }

  /**
   * One service.
   *
   * @param config as it is wanted
   * @param current the number of the generation that serves
   * @param previous that of the one a roll-back returns to; 0 for none
   * @param last the highest that was ever given
   * @param generations those of which there are workers, or may be again
   * @param prepared those whose copies are made
   * @param attempts how often each was started, by generation and slot, such as {@code 3/0}
   * @param surplus slots that are not wanted any more
   * @param standby the one whose worker waits; null for none
   * @param rollout the restart or roll-back that is under way; null for none
   * @param operation whose doing the present change is
   * @param listeners those that are needed
   */
  public record OfService(
      ServiceConfig config,
      boolean wanted,
      boolean hasServed,
      int current,
      int previous,
      int last,
      ImmutableList<OfGeneration> generations,
      ImmutableSet<Integer> prepared,
      ImmutableMap<String, Integer> attempts,
      ImmutableList<OfSlot> slots,
      ImmutableList<OfSlot> surplus,
      @Nullable OfSlot standby,
      @Nullable OfRollout rollout,
      boolean settling,
      long operation,
      ImmutableSet<String> listeners) {
    public String name() {
      return config.name();
    }

    /** All its workers. */
    public ImmutableList<OfWorker> workers() {
      return Stream.of(slots.stream(), surplus.stream(), Stream.ofNullable(standby))
          .flatMap(all -> all)
          .flatMap(slot -> slot.workers().stream())
          .collect(ImmutableList.toImmutableList());
    }

    private OfService with(Function<OfWorker, @Nullable OfWorker> one) {
      return new OfService(
          config,
          wanted,
          hasServed,
          current,
          previous,
          last,
          generations,
          prepared,
          attempts,
          slots.stream().map(slot -> slot.with(one)).collect(ImmutableList.toImmutableList()),
          surplus.stream().map(slot -> slot.with(one)).collect(ImmutableList.toImmutableList()),
          standby == null ? null : standby.with(one),
          rollout,
          settling,
          operation,
          listeners);
    }

    /** What its generation of that number was launched with; null if there is none. */
    public @Nullable ServiceConfig launched(int number) {
      return generations.stream()
          .filter(one -> one.number() == number)
          .map(OfGeneration::config)
          .findFirst()
          .orElse(null);
    }
  }

  /** One launch of a service. */
  public record OfGeneration(int number, ServiceConfig config) {}

  /**
   * One place of a service.
   *
   * @param exhausted why nobody is started there any more; empty while somebody is
   */
  public record OfSlot(
      int index, int generation, String exhausted, ImmutableList<OfWorker> workers) {
    private OfSlot with(Function<OfWorker, @Nullable OfWorker> one) {
      ImmutableList.Builder<OfWorker> all = ImmutableList.builder();
      for (OfWorker worker : workers) {
        OfWorker now = one.apply(worker);
        if (now != null) {
          all.add(now);
        }
      }
      return new OfSlot(index, generation, exhausted, all.build());
    }
  }

  /** What a worker is in its slot. */
  public enum Role {
    LEAVING,
    PREVIOUS,
    CURRENT,
    NEXT
  }

  /**
   * One worker.
   *
   * @param rootPid the process it was started as; 0 if it was about to be
   * @param pid that of its JVM, once that has attached
   * @param attached whether it ever has
   * @param listening on what
   * @param parkNanos how long it is to be kept once it is drained
   * @param failure why it is not wanted any more; empty while it is
   */
  public record OfWorker(
      WorkerId id,
      Role role,
      WorkerState state,
      long rootPid,
      long pid,
      boolean attached,
      ImmutableSet<String> listening,
      boolean switchable,
      long parkNanos,
      String failure) {
    /** The same, found as that process. */
    public OfWorker startedAs(long found) {
      return new OfWorker(
          id, role, state, found, found, attached, listening, switchable, parkNanos, failure);
    }
  }

  /**
   * A restart or roll-back on its way.
   *
   * @param strategy the one that was asked for; null for the configured one
   * @param before the generation each slot had when it began, by the slot's index
   * @param hasSoaked whether its canary has done well
   * @param failed why it failed, so that what was replaced returns; empty if it has not
   */
  public record OfRollout(
      int target,
      @Nullable Strategy strategy,
      ImmutableMap<String, Integer> before,
      boolean hasSoaked,
      String failed) {}

  /**
   * An operation on its way.
   *
   * @param position which of its steps is being done
   */
  public record OfOperation(Operation operation, int position) {}
}
