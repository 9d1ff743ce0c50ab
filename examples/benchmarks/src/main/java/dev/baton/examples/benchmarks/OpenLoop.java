package dev.baton.examples.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests that are due at fixed instants, whether earlier ones were answered or not, each on a
 * connection of its own. Latency counts from the instant a request was due, so that a server which
 * stalls cannot hide it; and it is known which generation has answered.
 */
final class OpenLoop {
  private static final Pattern GENERATION = Pattern.compile("\r\nX-Generation: (\\d+)\r\n");
  private static final int TIMEOUT_MILLIS = 30_000;

  /** More than are under way at a time, unless the server stands still. */
  private static final int CLIENTS = 64;

  private final int port;
  private final List<String> paths;
  private final long intervalNanos;
  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final Thread clock = new Thread(this::run, "clock");
  private final List<Sample> samples = new ArrayList<>();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile boolean stopping;

  OpenLoop(int port, List<String> paths, int rate) {
    this.port = port;
    this.paths = paths;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
    clock.start();
  }

  /** One request. */
  record Sample(long dueAt, long nanos, int generation) {}

  /** Those that were answered by that generation, in the order in which they were due. */
  List<Sample> of(int generation) {
    synchronized (samples) {
      return samples.stream()
          .filter(one -> one.generation() == generation)
          .sorted(Comparator.comparingLong(Sample::dueAt))
          .toList();
    }
  }

  /** Those that were due between these instants, in no order. */
  List<Sample> between(long from, long to) {
    synchronized (samples) {
      return samples.stream().filter(one -> one.dueAt() >= from && one.dueAt() <= to).toList();
    }
  }

  int failed() {
    return failed.get();
  }

  private void run() {
    long due = System.nanoTime();
    for (int i = 0; !stopping; i++) {
      long left = due - System.nanoTime();
      while (left > 0) {
        LockSupport.parkNanos(left);
        left = due - System.nanoTime();
      }
      long dueAt = due;
      String path = paths.get(i % paths.size());
      clients.execute(() -> ask(path, dueAt));
      due += intervalNanos;
    }
  }

  private void ask(String path, long dueAt) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] bytes = socket.getInputStream().readAllBytes();
      long nanos = System.nanoTime() - dueAt;
      String answer = new String(bytes, StandardCharsets.UTF_8);
      Matcher generation = GENERATION.matcher(answer);
      if (!answer.startsWith("HTTP/1.1 200 ") || !generation.find()) {
        failed.incrementAndGet();
        return;
      }
      synchronized (samples) {
        samples.add(new Sample(dueAt, nanos, Integer.parseInt(generation.group(1))));
      }
    } catch (IOException e) {
      failed.incrementAndGet();
    }
  }

  /** Sends no more, and waits for what is outstanding. */
  void end() throws InterruptedException {
    stopping = true;
    clock.join();
    clients.shutdown();
    if (!clients.awaitTermination(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
      clients.shutdownNow();
    }
  }
}
