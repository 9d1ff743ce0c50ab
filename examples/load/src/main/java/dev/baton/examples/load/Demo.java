package dev.baton.examples.load;

import dev.baton.worker.testkit.Failure;
import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import dev.baton.worker.testkit.Report.Latency;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code baton demo}: an ordinary HTTP server under supervision, load on it, several hot restarts,
 * and a table of what the clients noticed.
 */
public final class Demo {
  private static final int RESTARTS = 8;
  private static final int RATE = 300;
  private static final int STEADY_SECONDS = 5;
  private static final int BETWEEN_MILLIS = 500;
  private static final int SHOWN_COLUMNS = 60;
  private static final String SERVER = "dev.baton.examples.servers.JdkHttpServer";

  private static final Set<Failure> ALWAYS_SHOWN =
      EnumSet.of(Failure.REFUSED, Failure.RESET, Failure.CUT, Failure.TIMEOUT, Failure.BAD_STATUS);

  private final Path home;
  private final Path folder;
  private final InetSocketAddress address;
  private final PrintStream out;

  private Demo(Path home, Path folder, InetSocketAddress address, PrintStream out) {
    this.home = home;
    this.folder = folder;
    this.address = address;
    this.out = out;
  }

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      System.err.println("usage: baton demo   (no options: it takes half a minute)");
      System.exit(args[0].equals("--help") || args[0].equals("-h") ? 0 : 2);
    }
    Path home = Path.of(System.getProperty("baton.home", "."));
    Path folder = Files.createTempDirectory("baton-demo");
    System.exit(new Demo(home, folder, freeAddress(), System.out).run());
  }

  private int run() throws Exception {
    String where = address.getAddress().getHostAddress() + ":" + address.getPort();
    out.println("An unmodified com.sun.net.httpserver on " + where + ", supervised:");
    out.println("  $ baton run --name demo -- java -cp ... JdkHttpServer " + where);
    Process supervisor =
        baton("run", "--name", "demo", "--", java(), "-cp", servers(), SERVER, where);
    // A hook, so that nothing is left behind by Ctrl-C either.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(supervisor)));
    awaitAnswer(supervisor);
    return underLoad();
  }

  private void cleanUp(Process supervisor) {
    try {
      supervisor.destroy();
      if (!supervisor.waitFor(30, TimeUnit.SECONDS)) {
        supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
        supervisor.destroyForcibly();
      }
      removeAll(folder);
    } catch (IOException | InterruptedException e) {
      System.err.println("left behind: " + folder + ": " + e);
    }
  }

  private int underLoad() throws Exception {
    out.println("Load: " + RATE + " requests a second, a new connection for each, no retries.");
    Load load = Load.to(address).rate(RATE).start();
    watch(load, "steady", TimeUnit.SECONDS.toMillis(STEADY_SECONDS));
    out.println(overwrite() + "  $ baton restart demo      (" + RESTARTS + " times)");
    int succeeded = 0;
    List<Long> millis = new ArrayList<>();
    for (int i = 1; i <= RESTARTS; i++) {
      load.phase("restart");
      long start = System.nanoTime();
      Process restart = baton("restart", "demo");
      while (!restart.waitFor(100, TimeUnit.MILLISECONDS)) {
        show(load, "restart " + i + " of " + RESTARTS);
      }
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      succeeded += restart.exitValue() == 0 ? 1 : 0;
      load.phase("steady");
      progress(load, i, millis.get(i - 1));
      watch(load, "steady", BETWEEN_MILLIS);
    }
    Report report = load.stop();
    out.print(overwrite());
    table(report, succeeded, millis);
    return report.failed() == 0 && succeeded == RESTARTS ? 0 : 1;
  }

  private void table(Report report, int succeeded, List<Long> millis) {
    millis.sort(null);
    out.println();
    out.printf(
        "  %-22s %d of %d, median %d ms%n",
        "restarts", succeeded, RESTARTS, millis.get(millis.size() / 2));
    out.printf("  %-22s %d%n", "requests", report.started());
    out.printf("  %-22s %d%n", "answered in full", report.succeeded());
    out.printf("  %-22s %d%n", "processes that answered", report.answeredBy().size());
    for (Failure kind : Failure.values()) {
      if (ALWAYS_SHOWN.contains(kind) || report.failures().containsKey(kind)) {
        out.printf("  %-22s %d%n", kind.label(), report.failures().getOrDefault(kind, 0L));
      }
    }
    out.println();
    out.printf("  %-22s %9s %9s %9s %9s%n", "latency in ms", "p50", "p99", "p99.9", "max");
    latency("steady", report);
    latency("restart", report);
    out.println();
    report.examples().forEach(example -> out.println("  ! " + example));
    boolean clean = report.failed() == 0 && succeeded == RESTARTS;
    out.println(clean ? "Not one client noticed." : "Something failed; see above.");
  }

  private void latency(String phase, Report report) {
    Latency l = report.latencies().getOrDefault(phase, new Latency(0, 0, 0, 0, 0));
    out.printf(
        Locale.ROOT,
        "  %-22s %9.1f %9.1f %9.1f %9.1f%n",
        phase.equals("restart") ? "during restarts" : phase,
        l.p50() / 1e3,
        l.p99() / 1e3,
        l.p999() / 1e3,
        l.max() / 1e3);
  }

  private void progress(Load load, int restart, long millis) {
    Report now = load.live();
    out.printf(
        Locale.ROOT,
        "%s  restart %d of %d took %.1f s; %d requests, %d failed%n",
        overwrite(),
        restart,
        RESTARTS,
        millis / 1e3,
        now.started(),
        now.failed());
  }

  private void watch(Load load, String what, long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      Thread.sleep(100);
      show(load, what);
    }
  }

  private void show(Load load, String what) {
    if (redraws()) {
      Report now = load.live();
      out.printf("\r  %-18s %6d requests, %d failed ", what, now.started(), now.failed());
      out.flush();
    }
  }

  /** What removes the line that {@link #show} draws. */
  private static String overwrite() {
    return redraws() ? "\r" + " ".repeat(SHOWN_COLUMNS) + "\r" : "";
  }

  /** In a pipe a line that redraws itself is noise. */
  private static boolean redraws() {
    return Boolean.getBoolean("baton.terminal");
  }

  /** The listener exists before the worker does, so only an answer says that it serves. */
  private void awaitAnswer(Process supervisor) throws IOException, InterruptedException {
    URI uri =
        URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() - end < 0 && supervisor.isAlive()) {
      try {
        HttpURLConnection get = (HttpURLConnection) uri.toURL().openConnection();
        get.setRequestProperty("Connection", "close"); // else it idles, and is waited for
        get.setConnectTimeout(1000);
        get.setReadTimeout(1000);
        if (get.getResponseCode() == 200) {
          return;
        }
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    Files.readAllLines(folder.resolve("log")).forEach(line -> out.println("  | " + line));
    throw new IOException("the demo server did not start, see above");
  }

  private Process baton(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("baton").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("BATON_RUNTIME_DIR", folder.resolve("run").toString());
    environment.put("BATON_STATE_DIR", folder.resolve("state").toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    return builder.start();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private String servers() throws IOException {
    Path target = home.resolve("examples/servers/target");
    try (Stream<Path> jars = Files.list(target)) {
      return jars.filter(jar -> jar.toString().endsWith(".jar"))
          .findFirst()
          .orElseThrow()
          .toString();
    }
  }

  private static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(any.getInetAddress(), any.getLocalPort());
    }
  }

  private static void removeAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
