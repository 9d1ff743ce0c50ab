package dev.baton.worker.testkit;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * An open-loop load: a request is due at fixed instants, whether earlier ones were answered or not,
 * each on a connection of its own or on one that is kept alive. Latency counts from the instant a
 * request was due, so a server that stalls cannot hide it.
 *
 * <p>It is strict: what is not a complete answer with status 200 and a {@code Content-Length} has
 * failed (a chunked one, too), and nothing is tried again.
 *
 * <p>One thread of its own does it all; the methods here may be called from any other.
 */
public final class Load {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String STEADY = "steady";
  private static final long STEADY_MILLIS = 500;

  private final SocketAddress target;
  private final String path;
  private final int connections;
  private final long intervalNanos;
  private final long timeoutNanos;
  private final Report.Builder report = new Report.Builder();
  private final Deque<Request> underWay = new ArrayDeque<>();

  /** Each with the connection it leaves; whose has idled longest is first. */
  private final Deque<Request> idle = new ArrayDeque<>();

  private final Selector selector;
  private final Thread thread = new Thread(this::run, "load");

  private volatile String phase = STEADY;
  private volatile boolean stopping;

  private Load(Plan plan) throws IOException {
    this.target = plan.target;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / plan.rate;
    this.timeoutNanos = plan.timeout.toNanos();
    this.path = plan.path;
    this.connections = plan.connections;
    this.selector = Selector.open();
  }

  /** What may be done under load. */
  public interface Action {
    /** Does it, and returns when it is done. */
    void run() throws Exception;
  }

  /** What to send, and how often. For one thread; each start is another load. */
  public static final class Plan {
    private final SocketAddress target;
    private String path = "/";
    private int rate = 200;
    private int connections;
    private Duration timeout = Duration.ofSeconds(15);

    private Plan(SocketAddress target) {
      this.target = target;
    }

    /** What is asked for, by GET; {@code /} unless told otherwise. */
    public Plan path(String value) {
      path = value;
      return this;
    }

    /** Requests a second; 200 unless told otherwise. */
    public Plan rate(int value) {
      if (value < 1) {
        throw new IllegalArgumentException("a rate is 1 or more, not " + value);
      }
      rate = value;
      return this;
    }

    /**
     * Keeps so many connections alive and sends one request after the other on each, until the
     * server says with an answer that it closes the connection. Nothing is sent twice: a server
     * that closes a connection on which it has not said so loses a request now and then.
     */
    public Plan keepAlive(int value) {
      connections = value;
      return this;
    }

    /** For a whole request, from the instant it was due; 15 seconds unless told otherwise. */
    public Plan timeout(Duration value) {
      timeout = value;
      return this;
    }

    /** Begins to send; the caller stops it. */
    public Load start() throws IOException {
      Load load = new Load(this);
      load.thread.setDaemon(true);
      load.thread.start();
      return load;
    }

    /**
     * Starts, does something, stops and reports. Half a second of load is before it and after it,
     * in the phase {@code steady}; what is due meanwhile is in the phase {@code during}.
     *
     * @throws Exception what the action throws; the load is stopped all the same
     */
    public Report during(Action action) throws Exception {
      Load load = start();
      try {
        Thread.sleep(STEADY_MILLIS);
        load.phase("during");
        action.run();
        load.phase(STEADY);
        Thread.sleep(STEADY_MILLIS);
      } finally {
        load.stop();
      }
      return load.live();
    }
  }

  /** A load on an internet or unix address, at 200 requests a second unless told otherwise. */
  public static Plan to(SocketAddress target) {
    return new Plan(target);
  }

  /** Requests due from now on are reported under this name. */
  public void phase(String name) {
    phase = name;
  }

  /** What happened up to now. */
  public Report live() {
    return report.build();
  }

  /**
   * Sends no more, waits for the answers that are outstanding, and reports; more than once, too.
   */
  public Report stop() throws InterruptedException {
    stopping = true;
    selector.wakeup();
    thread.join();
    return report.build();
  }

  private void run() {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long nextDue = System.nanoTime();
    try (selector) {
      while (!stopping || !underWay.isEmpty()) {
        long now = System.nanoTime();
        for (; !stopping && nextDue - now <= 0; nextDue += intervalNanos) {
          send(nextDue);
        }
        timeOut(now);
        select(nextDue - System.nanoTime(), buffer);
      }
      idle.forEach(Request::close);
    } catch (IOException e) {
      // Lest a load that has ended looks like one that met with nothing.
      report.failed(Failure.OTHER, "the load has ended: " + e);
    }
  }

  private void send(long dueAt) {
    Request next = new Request(dueAt, phase, path, connections > 0, report);
    Request before = mayOpen() ? null : idle.pollFirst();
    if (before == null) {
      next.start(target, selector);
    } else {
      next.follow(before);
    }
    underWay.addLast(next);
  }

  private boolean mayOpen() {
    long busy = underWay.stream().filter(one -> !one.isDone()).count();
    return idle.size() + busy < connections;
  }

  /** All have the same time, so the oldest is always the first to run out of it. */
  private void timeOut(long now) {
    while (!underWay.isEmpty()) {
      Request oldest = underWay.getFirst();
      if (!oldest.isDone() && now - oldest.dueAt() < timeoutNanos) {
        return;
      }
      if (!oldest.isDone()) {
        oldest.timeOut();
      }
      underWay.removeFirst();
    }
  }

  private void select(long nanos, ByteBuffer buffer) throws IOException {
    // A millisecond late at most, and counted as latency: spinning would take the server's CPU.
    selector.select(stopping ? 10 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid() && key.attachment() instanceof Request ready) {
        proceed(ready, key, buffer);
      }
    }
    selector.selectedKeys().clear();
  }

  private void proceed(Request ready, SelectionKey key, ByteBuffer buffer) {
    if (idle.remove(ready)) {
      ready.close(); // the server closes it, and nothing was under way
      return;
    }
    ready.proceed(key, buffer);
    if (ready.leavesConnection()) {
      idle.addLast(ready);
    }
  }
}
