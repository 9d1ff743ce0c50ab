package dev.baton.supervisor.core;

import dev.baton.supervisor.config.ServiceConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A supervision whose world is the test: what it asks for is written down, in words. */
final class Scripted implements Edges {
  static final String PORT = "tcp:*:8080";
  static final long SECOND = 1_000_000_000L;

  final Supervision supervision;
  final List<String> asked = new ArrayList<>();
  long now = 1_000 * SECOND;
  @Nullable Outcome outcome;

  Scripted(int workers) {
    this(ServiceConfig.running("web", List.of("java")).workers(workers).build());
  }

  Scripted(ServiceConfig config) {
    supervision = new Supervision(config, now);
  }

  static WorkerId id(int generation, int slot, int attempt) {
    return new WorkerId("web", generation, slot, attempt);
  }

  /** Plans and performs; returns what was asked for since the last call. */
  List<String> turn() {
    supervision.plan(now).forEach(action -> action.performOn(this));
    List<String> fresh = List.copyOf(asked);
    asked.clear();
    return fresh;
  }

  List<String> after(long seconds) {
    now += seconds * SECOND;
    return turn();
  }

  /** From launch to the moment its gates are tried. */
  List<String> boots(WorkerId id) {
    supervision.workerSpawned(id, 100);
    supervision.workerAttached(id, 101, now);
    supervision.workerListens(id, PORT, true, now);
    return turn();
  }

  List<String> passes(WorkerId id) {
    supervision.probed(id, true, "fine", now);
    return turn();
  }

  List<String> switched(WorkerId id, Face face) {
    supervision.switched(id, face, "", now);
    return turn();
  }

  /** From launch to serving. */
  void serves(WorkerId id) {
    boots(id);
    passes(id);
    switched(id, Face.SHARED);
  }

  List<String> counted(WorkerId id, int open) {
    supervision.connectionsCounted(id, open, now);
    return turn();
  }

  List<String> dies(WorkerId id, int status) {
    supervision.workerDetached(id);
    supervision.workerExited(id, status);
    return turn();
  }

  /** Drains a worker that was switched off, until it gets SIGTERM. */
  List<String> drains(WorkerId id) {
    switched(id, Face.PRIVATE);
    counted(id, 0);
    after(1);
    return counted(id, 0);
  }

  WorkerState state(WorkerId id) {
    return supervision.status().workers().stream()
        .filter(worker -> worker.id().equals(id))
        .map(WorkerStatus::state)
        .findFirst()
        .orElse(WorkerState.GONE);
  }

  @Override
  public void spawn(WorkerId id) {
    asked.add("spawn " + id);
  }

  @Override
  public void probe(WorkerId id) {
    asked.add("probe " + id);
  }

  @Override
  public void switchTo(WorkerId id, Face face) {
    asked.add("switch " + id + " " + face);
  }

  @Override
  public void countConnections(WorkerId id) {
    asked.add("count " + id);
  }

  @Override
  public void terminate(WorkerId id) {
    asked.add("terminate " + id);
  }

  @Override
  public void dumpThreads(WorkerId id) {
    asked.add("dump " + id);
  }

  @Override
  public void kill(WorkerId id) {
    asked.add("kill " + id);
  }

  @Override
  public void forget(WorkerId id) {
    asked.add("forget " + id);
  }

  @Override
  public void announce(Transition transition) {}

  @Override
  public void finishRestart(Outcome result) {
    outcome = result;
    asked.add(result.success() ? "succeeded" : "failed");
  }
}
