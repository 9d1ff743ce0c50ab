package dev.baton.worker.spring;

import dev.baton.worker.Worker;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Tells which worker this is. Always up: one that drains still answers what it has accepted. */
final class WorkerHealth implements HealthIndicator {
  private final Worker worker;

  WorkerHealth(Worker worker) {
    this.worker = worker;
  }

  @Override
  public Health health() {
    return Health.up()
        .withDetail("service", worker.service())
        .withDetail("generation", worker.generation())
        .withDetail("slot", worker.slot())
        .withDetail("draining", worker.isDraining())
        .build();
  }
}
