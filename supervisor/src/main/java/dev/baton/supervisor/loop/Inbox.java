package dev.baton.supervisor.loop;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where every other thread leaves what it has to say to the loop. */
final class Inbox {
  /** Something that happened, or is asked for; applied on the loop. */
  interface Fact {
    void apply(long now);
  }

  private final LinkedBlockingQueue<Fact> facts = new LinkedBlockingQueue<>();

  /** Any thread; never blocks. */
  void post(Fact fact) {
    facts.add(fact);
  }

  /** Waits for the next fact; null when none comes in time. */
  @Nullable Fact poll(long nanos) throws InterruptedException {
    return facts.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }
}
