package dev.baton.worker;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something that one worker of a service does at a time: a scheduler, a consumer, a single writer.
 * Wherever several workers or two generations ask for the same lease, one of them holds it.
 *
 * <p>A worker asks for it while it is switched on. When it is switched off, or told to end, it ends
 * what it does and gives the lease up; the next one begins only then. So a restart hands it over to
 * the new generation.
 *
 * <p><b>What it rests on.</b> The lease is a lock of the kernel on a file the supervisor has
 * opened. It ends with the process that holds it, however that dies, and with nothing else: a
 * worker that hangs keeps it until the supervisor has killed it, and the supervisor's own death
 * changes nothing. The next one begins when all of a dead process is gone, its files and sockets
 * too. It is good for one host.
 *
 * <p><b>Threads.</b> Each lease has a thread of its own, on which the application is told to begin
 * and to end. All methods may be called from any thread.
 */
public final class Lease implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Lease.class.getName());

  /** Before it asks again for what others may want, too, or could not be begun. */
  private static final long PAUSE_MILLIS = 50;

  /** What became of what it was used for. */
  private enum Use {
    NOT_BEGUN,
    ENDED,
    GOES_ON
  }

  private final String name;
  private final @Nullable LeaseLock lock;
  private final Runnable begin;
  private final Runnable end;
  private final Thread thread;

  // Mutable state, guarded by this
  private boolean switchedOn;
  private boolean handingOver;
  private boolean closed;
  private boolean held;

  /**
   * Of which there is one in this JVM.
   *
   * @param lock null where there is nobody else
   */
  Lease(String name, @Nullable LeaseLock lock, Runnable begin, Runnable end) {
    this.name = name;
    this.lock = lock;
    this.begin = begin;
    this.end = end;
    this.thread = new Thread(this::run, "baton-lease-" + name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** As it was asked for. */
  public String name() {
    return name;
  }

  /** Whether this worker has it: from before it is told to begin until it has ended. */
  public synchronized boolean isHeld() {
    return held;
  }

  /**
   * Gives it to whoever waits for it, and then asks for it again. Does not wait for that; does
   * nothing when this worker has not got it.
   */
  public synchronized void handOver() {
    handingOver = held;
    notifyAll();
  }

  /** Gives it up for good. Returns when what was begun has ended; at once on the lease's thread. */
  @Override
  public synchronized void close() {
    closed = true;
    awaitGivenUp();
  }

  /** Called when the worker is switched on or off; waits until what was begun has ended. */
  synchronized void switched(boolean on) {
    switchedOn = on;
    awaitGivenUp();
  }

  private void awaitGivenUp() {
    notifyAll();
    boolean interrupted = false;
    while (held && !isWanted() && Thread.currentThread() != thread) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // who is told to end must not leave while somebody still works
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isWanted() {
    return switchedOn && !handingOver && !closed;
  }

  private void run() {
    try {
      while (awaitWanted()) {
        if (lock != null) {
          lock.acquire();
        }
        // Nobody can be taken out of the queue for a lock: we may not want it any more.
        Use use = take() ? use() : Use.ENDED;
        if (use == Use.GOES_ON) {
          forget();
          return; // with the lock: it is ours as long as this process lives
        }
        if (lock != null) {
          lock.release();
        }
        released(use == Use.NOT_BEGUN);
      }
    } catch (IOException | InterruptedException e) {
      LOG.log(Level.ERROR, "the lease " + name + " is lost to this worker", e);
      forget();
    }
  }

  private synchronized boolean awaitWanted() throws InterruptedException {
    while (!switchedOn && !closed) {
      wait();
    }
    return !closed;
  }

  private synchronized boolean take() {
    held = isWanted();
    return held;
  }

  private Use use() throws InterruptedException {
    try {
      begin.run();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "could not begin what the lease " + name + " is for", e);
      return Use.NOT_BEGUN;
    }
    synchronized (this) {
      while (isWanted()) {
        wait();
      }
    }
    try {
      end.run();
      return Use.ENDED;
    } catch (RuntimeException | Error e) {
      // What may go on must not be begun elsewhere.
      String what = "what the lease " + name + " is for did not end: kept until this JVM ends";
      LOG.log(Level.ERROR, what, e);
      return Use.GOES_ON;
    }
  }

  /** Nobody needs to wait for it: it ends with this JVM. */
  private synchronized void forget() {
    closed = true;
    held = false;
    notifyAll();
  }

  private void released(boolean failed) throws InterruptedException {
    boolean pause;
    synchronized (this) {
      pause = handingOver || failed;
      handingOver = false;
      held = false;
      notifyAll();
    }
    if (pause) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  @Override
  public String toString() {
    return "lease " + name;
  }
}
