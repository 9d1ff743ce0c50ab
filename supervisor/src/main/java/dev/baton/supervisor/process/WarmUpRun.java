package dev.baton.supervisor.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.config.WarmUp;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The warm-up of one worker: a helper process, and a thread that hears what it says. */
public final class WarmUpRun {
  private final Process process;
  private final WarmUpJob job;
  private final Listener listener;

  // Mutable state
  private volatile boolean ended;

  private WarmUpRun(Process process, WarmUpJob job, Listener listener) {
    this.process = process;
    this.job = job;
    this.listener = listener;
  }

  /** Hears what comes of it, on a thread of its own; nothing after {@link WarmUpRun#end}. */
  public interface Listener {
    void progress(String words);

    /**
     * It is over.
     *
     * @param passed false only if the worker has answered nothing
     */
    void over(boolean passed, String words);
  }

  /**
   * Starts it.
   *
   * @param faces as for {@link Gates#tryAll}
   * @param pid of the worker's JVM
   * @throws IOException when there is nothing to ask, or no helper can be started
   */
  public static WarmUpRun start(
      WarmUp how, Map<Address, SocketAddress> faces, long pid, Listener listener)
      throws IOException {
    SocketAddress face = HttpFace.choose(how.port(), faces);
    if (face == null) {
      String where = how.port() == 0 ? "no port or path" : "nothing on port " + how.port();
      throw new IOException("it listens on " + where + " that could be asked");
    }
    if (how.tls() && !(face instanceof InetSocketAddress)) {
      throw new IOException("a unix socket cannot be asked by https");
    }
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.redirectErrorStream(true);
    WorkerEnvironment.ofHelper(builder.environment());
    WarmUpRun run = new WarmUpRun(builder.start(), new WarmUpJob(face, pid, how), listener);
    Thread thread = new Thread(run::follow, "warm-up");
    thread.setDaemon(true);
    thread.start();
    return run;
  }

  /** Small, and behind the workers when they want the processors. */
  private static List<String> command() {
    List<String> command = new ArrayList<>();
    if (Programs.isThere("setsid")) {
      command.add("setsid"); // so that Ctrl-C in the supervisor's terminal is the supervisor's
    }
    if (Programs.isThere("nice")) {
      command.addAll(List.of("nice", "-n", "10"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx32m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            WarmUpHelper.class.getName()));
    return command;
  }

  private void follow() {
    if (Programs.isThere("setsid")) {
      Autogroup.lower(process.pid()); // between sessions its nice alone does not count
    }
    WarmUpFigures last = WarmUpFigures.NONE;
    String other = "";
    // Kept open to the end: its end is the helper's.
    try (DataOutputStream out = new DataOutputStream(process.getOutputStream());
        BufferedReader in =
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      tell(out);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        boolean over = line.startsWith(WarmUpFigures.OVER);
        WarmUpFigures figures =
            WarmUpFigures.parse(over ? line.substring(WarmUpFigures.OVER.length()) : line);
        if (figures == null) {
          other = line;
        } else if (over) {
          last = figures;
        } else {
          progress(figures);
        }
      }
      report(process.waitFor(), last, other);
    } catch (IOException e) {
      over(true, "not warmed up: " + (other.isEmpty() ? e.getMessage() : other));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    } finally {
      process.destroyForcibly();
    }
  }

  private void tell(DataOutputStream out) {
    try {
      job.writeTo(out);
    } catch (IOException e) {
      // It has ended, and has said why.
    }
  }

  private void progress(WarmUpFigures figures) {
    if (!ended) {
      listener.progress("warm-up: " + figures.inWords());
    }
  }

  private void report(int exit, WarmUpFigures last, String other) {
    switch (exit) {
      case WarmUpHelper.SETTLED -> over(true, "warmed up: " + last.inWords());
      case WarmUpHelper.TIME_OVER ->
          over(
              true,
              "warm-up not settled in "
                  + Durations.print(job.how().timeout().toNanos())
                  + ": "
                  + last.inWords());
      case WarmUpHelper.NO_ANSWER ->
          over(
              false,
              "warm-up: no answer in "
                  + Durations.print(job.how().timeout().toNanos())
                  + ": "
                  + last.failure());
      default ->
          over(
              true,
              "not warmed up: the helper ended with "
                  + exit
                  + (other.isEmpty() ? "" : ": " + other));
    }
  }

  private void over(boolean passed, String words) {
    if (!ended) {
      listener.over(passed, words);
    }
  }

  /** Nobody wants its answer any more. Returns at once. */
  public void end() {
    ended = true;
    process.destroyForcibly();
  }
}
