package dev.baton.supervisor.process;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that sends the requests of a warm-up, so that the supervisor does not: it stays small
 * and off the data path. Reads what to do from its stdin, says how far it is on its stdout, and
 * ends when it has an answer, or when its stdin does: nobody is left who wants one.
 */
public final class WarmUpHelper {
  /** Exit codes. */
  static final int SETTLED = 0;

  static final int BROKEN = 1;
  static final int TIME_OVER = 10;
  static final int NO_ANSWER = 11;

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A 99th percentile wants this many; but not for ever, where each takes its time. */
  private static final int ENOUGH_REQUESTS = 100;

  private static final long LONGEST_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Between two lines after the first; longer where the time is: all of them are remembered. */
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int MOST_LINES = 20;

  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final WarmUpLoad load;
  private final Deadline deadline;
  private final CompilerThreads compilers;
  private final long lineNanos;
  private final PrintStream out;
  private final LatencyTrend trend = new LatencyTrend();

  // Mutable state
  private long firstNanos;
  private long lastNanos;
  private long lineAt;

  private WarmUpHelper(WarmUpJob job, PrintStream out) {
    this.deadline = Deadline.after(job.how().timeout());
    this.load = new WarmUpLoad(job, deadline);
    this.compilers = new CompilerThreads(job.pid());
    this.lineNanos = Math.max(LINE_NANOS, job.how().timeout().toNanos() / MOST_LINES);
    this.out = out;
  }

  @SuppressWarnings("SystemExitOutsideMain") // this is it
  public static void main(String[] args) throws IOException {
    WarmUpJob job = WarmUpJob.readFrom(new DataInputStream(System.in));
    Thread watch = new Thread(() -> endWith(System.in), "stdin");
    watch.setDaemon(true);
    watch.start();
    System.exit(new WarmUpHelper(job, System.out).run());
  }

  private static void endWith(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nothing is said after the job.
      }
    } catch (IOException e) {
      // As if it had ended.
    }
    Runtime.getRuntime().halt(BROKEN);
  }

  private int run() {
    load.start();
    while (!deadline.isPast() && !trend.hasSettled()) {
      window();
    }
    WarmUpFigures figures = load.figures(firstNanos, lastNanos);
    out.print(WarmUpFigures.OVER);
    say(figures);
    if (trend.hasSettled()) {
      return SETTLED;
    }
    return figures.answered() == 0 ? NO_ANSWER : TIME_OVER;
  }

  private void window() {
    long begin = System.nanoTime();
    while (!deadline.isPast() && !isLongEnough(System.nanoTime() - begin)) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    long took = System.nanoTime() - begin;
    double busy = (double) compilers.nanosSinceLastTime() / took;
    long[] nanos = load.window().take();
    if (nanos.length > 0) {
      lastNanos = WarmUpWindow.percentile(nanos, 99);
      firstNanos = firstNanos == 0 ? lastNanos : firstNanos;
      trend.add(WarmUpWindow.percentile(nanos, 50), lastNanos, busy);
    }
    long now = System.nanoTime();
    if (lineAt == 0 || now - lineAt >= 0) {
      say(load.figures(firstNanos, lastNanos));
      lineAt = now + lineNanos;
    }
  }

  private boolean isLongEnough(long nanos) {
    boolean enough = load.window().count() >= ENOUGH_REQUESTS || nanos >= LONGEST_WINDOW_NANOS;
    return nanos >= WINDOW_NANOS && enough;
  }

  private void say(WarmUpFigures figures) {
    out.println(figures.line());
    out.flush();
  }
}
