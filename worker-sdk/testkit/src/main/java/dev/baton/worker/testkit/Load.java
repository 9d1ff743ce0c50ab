package dev.baton.worker.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * request was due, so a server that stalls cannot hide it. One thread does it all.
 */
public final class Load {
  private static final int BUFFER_BYTES = 64 * 1024;

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

  private volatile String phase = "steady";
  private volatile boolean stopping;

  private Load(Plan plan) throws IOException {
    this.target = plan.target;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / plan.rate;
    this.timeoutNanos = plan.timeout.toNanos();
    this.path = plan.path;
    this.connections = plan.connections;
    this.selector = Selector.open();
  }

  /** What to send, and how often. */
  public static final class Plan {
    private final SocketAddress target;
    private String path = "/";
    private int rate = 200;
    private int connections;
    private Duration timeout = Duration.ofSeconds(15);

    private Plan(SocketAddress target) {
      this.target = target;
    }

    public Plan path(String value) {
      path = value;
      return this;
    }

    /** Requests a second. */
    public Plan rate(int value) {
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

    /** For a whole request, from the instant it was due. */
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

  /** Sends no more, waits for the answers that are outstanding, and reports. */
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
      throw new UncheckedIOException(e);
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
