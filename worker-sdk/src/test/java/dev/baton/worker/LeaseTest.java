package dev.baton.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lease does in one worker; who gets it among several is the kernel's. */
@Timeout(60)
final class LeaseTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Lease lease =
      new Lease("jobs", null, () -> told.add("begin"), () -> told.add("end"));

  @Test
  void beginsWhenSwitchedOnAndHasEndedWhenSwitchedOffReturns() throws Exception {
    lease.start();
    assertFalse(lease.isHeld());
    lease.switched(true);
    assertEquals("begin", told.take());
    assertTrue(lease.isHeld());

    lease.switched(false);

    assertEquals("end", told.poll());
    assertFalse(lease.isHeld());
    lease.switched(true);
    assertEquals("begin", told.take());
    lease.close();
    assertEquals("end", told.poll());
    lease.switched(true);
    assertFalse(lease.isHeld());
  }

  @Test
  void handedOverItIsAskedForAgain() throws Exception {
    lease.start();
    lease.handOver(); // of no effect: it has not got it
    lease.switched(true);
    assertEquals("begin", told.take());

    lease.handOver();

    assertEquals("end", told.take());
    assertEquals("begin", told.take());
    lease.close();
  }

  @Test
  void whatCouldNotBeBegunIsTriedAgainAndNotEnded() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Lease fails =
        new Lease(
            "jobs",
            null,
            () -> {
              if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
              told.add("begin");
            },
            () -> told.add("end"));
    fails.start();
    fails.switched(true);

    assertEquals("begin", told.take());
    fails.close();
    assertEquals("end", told.poll());
    assertEquals(2, tries.get());
  }

  @Test
  void whatDoesNotEndKeepsNobodyWaiting() throws Exception {
    Lease stuck =
        new Lease(
            "jobs",
            null,
            () -> told.add("begin"),
            () -> {
              throw new IllegalStateException("it goes on");
            });
    stuck.start();
    stuck.switched(true);
    assertEquals("begin", told.take());

    stuck.switched(false);
    stuck.switched(true);

    assertFalse(stuck.isHeld(), "this JVM does not begin it again");
  }

  @Test
  void aLeaseIsAskedForOnce() throws Exception {
    Worker worker = Worker.attach();
    Lease first = worker.lease("once", () -> told.add("begin"), () -> told.add("end"));
    assertEquals("begin", told.take());

    IllegalStateException twice =
        assertThrows(IllegalStateException.class, () -> worker.lease("once", () -> {}, () -> {}));
    assertEquals(
        "this JVM has asked for the lease 'once' before; keep what lease() returns",
        twice.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> worker.lease("a.b", () -> {}, () -> {}).close());
    first.close();
    assertEquals("end", told.poll());
  }
}
