package dev.baton.supervisor.core;

import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A start, a change of the number of workers, or a stop: over when the service has settled. */
final class Settling implements Change {
  /** What it is on its way to. */
  enum Towards {
    SERVING,
    STOPPED
  }

  private final Towards towards;
  private final BooleanSupplier isThere;
  private final Set<WorkerId> knownBefore;
  private final String success;

  // Mutable state
  private @Nullable Result result;

  /**
   * Watches.
   *
   * @param isThere whether the service has settled
   * @param workers those there are: what becomes of them is not its doing
   * @param success what to say in the end
   */
  Settling(Towards towards, BooleanSupplier isThere, Stream<Worker> workers, String success) {
    this.towards = towards;
    this.isThere = isThere;
    this.knownBefore = workers.map(Worker::id).collect(Collectors.toSet());
    this.success = success;
  }

  /** A worker that was launched for it has died. */
  void died(Worker worker, String why) {
    if (towards == Towards.SERVING && result == null && !knownBefore.contains(worker.id())) {
      result = new Result(false, worker.id(), worker.id() + " " + why, 0);
    }
  }

  /** It cannot be done. */
  void fail(String why) {
    if (result == null) {
      result = new Result(false, null, why, 0);
    }
  }

  @Override
  public void advance(long now, Actions actions) {
    if (result == null && isThere.getAsBoolean()) {
      result = new Result(true, null, success, 0);
    }
  }

  @Override
  public boolean isOver() {
    return result != null;
  }

  @Override
  public Result result() {
    return Objects.requireNonNull(result);
  }
}
