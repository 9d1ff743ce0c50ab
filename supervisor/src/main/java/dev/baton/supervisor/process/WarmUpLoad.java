package dev.baton.supervisor.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests to a worker, one after the other on each of some connections, until the time is over.
 */
final class WarmUpLoad {
  /** Whoever fails once fails a thousand times a second. */
  private static final long AFTER_A_FAILURE_NANOS = 50_000_000;

  /** Between two new connections. */
  private static final long NEW_CONNECTION_NANOS = 5_000_000;

  private final WarmUpJob job;
  private final Deadline deadline;
  private final WarmUpWindow window = new WarmUpWindow();
  private final AtomicLong turn = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile String failure = "";

  WarmUpLoad(WarmUpJob job, Deadline deadline) {
    this.job = job;
    this.deadline = deadline;
  }

  void start() {
    for (int i = 0; i < job.how().concurrency(); i++) {
      Thread thread = new Thread(this::run, "warm-up-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  WarmUpWindow window() {
    return window;
  }

  WarmUpFigures figures(long firstNanos, long lastNanos) {
    return new WarmUpFigures(
        answered.get(), refused.get(), failed.get(), firstNanos, lastNanos, failure);
  }

  private void run() {
    while (!deadline.isPast()) {
      long begin = System.nanoTime();
      try (FaceConnection connection = connect()) {
        BufferedInputStream in = new BufferedInputStream(connection.in());
        boolean goesOn = ask(connection, in, begin);
        // For all of them together: more would use up the ports of the host.
        long rest = NEW_CONNECTION_NANOS * job.how().concurrency();
        while (goesOn && !deadline.isPast() && System.nanoTime() - begin < rest) {
          goesOn = ask(connection, in, System.nanoTime());
        }
      } catch (IOException e) {
        fail("cannot be connected: " + e.getMessage());
      }
    }
  }

  private FaceConnection connect() throws IOException {
    return job.how().tls()
        ? FaceConnection.openTls((InetSocketAddress) job.face(), deadline)
        : FaceConnection.open(job.face(), deadline);
  }

  /**
   * One request; returns whether another may follow on its connection.
   *
   * @param begin since when its client has waited
   */
  private boolean ask(FaceConnection connection, BufferedInputStream in, long begin) {
    int next = Math.floorMod(turn.getAndIncrement(), job.how().paths().size());
    String path = job.how().paths().get(next);
    try {
      connection.out().write(request(path, connection.host()));
      connection.out().flush();
      HttpAnswer answer = HttpAnswer.readWhole(in, job.how().method());
      if (answer.status() >= 500) {
        fail(path + " answered " + answer.status());
      } else {
        window.add(System.nanoTime() - begin);
        answered.incrementAndGet();
        refused.addAndGet(answer.status() >= 400 ? 1 : 0);
      }
      return answer.mayBeFollowed();
    } catch (ProtocolException e) {
      fail(path + " answered with " + e.getMessage());
    } catch (IOException e) {
      fail(path + " did not answer: " + e.getMessage());
    }
    return false;
  }

  private void fail(String why) {
    // What is under way at the end is cut by us.
    if (!deadline.isPast()) {
      failed.incrementAndGet();
      failure = why;
      LockSupport.parkNanos(AFTER_A_FAILURE_NANOS);
    }
  }

  private byte[] request(String path, String host) {
    byte[] body = job.how().body().getBytes(UTF_8);
    StringBuilder head = new StringBuilder();
    head.append(job.how().method()).append(' ').append(path).append(" HTTP/1.1\r\n");
    addUnlessGiven(head, "Host", host);
    addUnlessGiven(head, "User-Agent", "baton-warm-up");
    addUnlessGiven(head, "Accept", "*/*");
    job.how().headers().forEach((name, value) -> add(head, name, value));
    boolean mayHaveBody = !job.how().method().equals("GET") && !job.how().method().equals("HEAD");
    if (mayHaveBody) {
      add(head, "Content-Length", Integer.toString(body.length));
    }
    head.append("\r\n");
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.toString().getBytes(UTF_8));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private void addUnlessGiven(StringBuilder head, String name, String value) {
    if (job.how().headers().keySet().stream().noneMatch(name::equalsIgnoreCase)) {
      add(head, name, value);
    }
  }

  private static void add(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
