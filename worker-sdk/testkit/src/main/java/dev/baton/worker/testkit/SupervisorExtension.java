package dev.baton.worker.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs an application as a worker, in a JVM of its own, under a real supervisor, for each test
 * anew.
 *
 * <pre>
 * final class ShopTest {
 *   &#64;RegisterExtension
 *   final SupervisorExtension supervisor =
 *       SupervisorExtension.of(Shop.class, "--quiet").listener("http").ready("worker");
 *
 *   &#64;Test
 *   void noClientNoticesARestart() throws Exception {
 *     Report report = supervisor.load("http").keepAlive(10).during(supervisor::restart);
 *     report.assertNothingFailed();
 *   }
 * }
 * </pre>
 *
 * <p>{@code Shop.main} asks {@code Worker.listener("http")} where to listen, and answers {@code GET
 * /} with 200. It runs on the JDK and the class path of the test, in the test's working directory;
 * the supervisor is found on the same class path, where {@code baton-supervisor} is as a dependency
 * of this kit. Both have a temporary directory of their own, which is removed after the test.
 *
 * <p><b>Before each test</b> the supervisor is started; the test begins when the worker serves (or
 * all of them, with {@code configure("workers = 2")}). If it does not get there, the test fails
 * with what the supervisor says. <b>After each test</b> it is stopped, and the test fails if a
 * process is left that it or a worker has started; that process is killed. When the test has
 * failed, everything that supervisor and workers have written is printed to {@link System#err}.
 *
 * <p><b>Errors:</b> what the application does wrong is an {@link AssertionError} with the
 * supervisor's words; what the test does wrong is an {@link IllegalArgumentException} or {@link
 * IllegalStateException}.
 *
 * <p><b>Threads:</b> one test at a time; tests at the same time need an object each, as a field
 * that is not static gives them. During the test its methods may be called from any thread. {@link
 * #restart}, {@link #rollback}, {@link #kill} and {@link #baton} wait until the outcome is known.
 *
 * <p><b>Ownership:</b> all processes and files are the extension's. What {@link #load} gives is the
 * caller's to stop once it was started; {@link Load.Plan#during} does.
 */
public final class SupervisorExtension implements BeforeEachCallback, AfterEachCallback {
  private final Class<?> main;
  private final List<String> arguments;
  private final Set<String> listeners = new LinkedHashSet<>();
  private final List<String> keys = new ArrayList<>();

  // Mutable state, of the test that runs
  private volatile Map<String, InetSocketAddress> addresses = Map.of();
  private volatile @Nullable RunningSupervisor running;

  private SupervisorExtension(Class<?> main, List<String> arguments) {
    this.main = main;
    this.arguments = arguments;
  }

  /**
   * Runs the main method of that class.
   *
   * @param main may be nested in the test
   */
  public static SupervisorExtension of(Class<?> main, String... arguments) {
    return new SupervisorExtension(main, List.of(arguments));
  }

  /** Adds a listener, on a free port of the loopback address, which every worker has to bind. */
  public SupervisorExtension listener(String name) {
    listeners.add(name);
    return this;
  }

  /**
   * What a new worker has to pass before it gets clients, as {@code ready.probe} of a configuration
   * has it: {@code worker}, that it says so by {@code Worker.ready()}, {@code http:/health}, {@code
   * tcp} or {@code none}. Without, it is {@code tcp}.
   */
  public SupervisorExtension ready(String probe) {
    return configure("ready.probe = " + ServiceFile.quoted(probe));
  }

  /**
   * Adds a line to the service's table of the configuration, such as {@code drain.linger = "5s"}.
   *
   * @param line with dotted keys, and none that this extension writes itself: {@code command},
   *     {@code stage}, {@code listener.NAME.address}, {@code restart.memory}
   */
  public SupervisorExtension configure(String line) {
    keys.add(line);
    return this;
  }

  /**
   * Where clients reach that listener; another port for each test.
   *
   * @throws IllegalArgumentException when there is no such listener
   * @throws IllegalStateException when no test runs
   */
  public InetSocketAddress address(String listener) {
    running();
    InetSocketAddress address = addresses.get(listener);
    if (address == null) {
      throw new IllegalArgumentException(
          "no listener '" + listener + "'; add .listener(\"" + listener + "\")");
    }
    return address;
  }

  /** A load on that listener, not started yet; see {@link #address} for what it throws. */
  public Load.Plan load(String listener) {
    return Load.to(address(listener));
  }

  /**
   * Replaces the worker by one of the next generation. Returns when the old one has ended.
   *
   * @return what the supervisor said about each step
   * @throws AssertionError when it fails, with the supervisor's words; {@link #baton} does not
   */
  public Command restart() throws IOException, InterruptedException {
    return baton("restart").orFail();
  }

  /**
   * Returns to the generation before; for milliseconds, {@code configure("restart.park = \"10m\"")}
   * keeps it.
   *
   * @return what the supervisor said about each step
   * @throws AssertionError when it fails, with the supervisor's words
   */
  public Command rollback() throws IOException, InterruptedException {
    return baton("rollback").orFail();
  }

  /**
   * Kills the workers that serve, by SIGKILL, which no drain precedes. Returns when others serve in
   * their place: what clients had under way is lost, new connections wait.
   *
   * @throws AssertionError when none do
   */
  public void kill() throws IOException, InterruptedException {
    running().killWorkers();
  }

  /**
   * Runs a command of Baton's, such as {@code status}, to its end, whatever comes of it.
   *
   * @throws AssertionError when it has not ended after five minutes
   */
  public Command baton(String... command) throws IOException, InterruptedException {
    return running().command(List.of(command));
  }

  /** Everything that the supervisor and the workers have written in this test. */
  public String output() throws IOException {
    return running().output();
  }

  private RunningSupervisor running() {
    RunningSupervisor supervisor = running;
    if (supervisor == null) {
      throw new IllegalStateException("no test runs: the supervisor is started before each test");
    }
    return supervisor;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    start();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (running != null) { // else the start has failed, and said why
      stop(context.getExecutionException().isPresent());
    }
  }

  void start() throws IOException, InterruptedException {
    if (running != null) {
      throw new IllegalStateException("another test runs; tests at the same time need one each");
    }
    addresses = freeAddresses();
    ServiceFile file = new ServiceFile(main.getName(), arguments, addresses, keys);
    RunningSupervisor supervisor = RunningSupervisor.start(file);
    running = supervisor;
    try {
      supervisor.awaitServing();
    } catch (Throwable e) {
      try {
        stop(false);
      } catch (AssertionError alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  /**
   * Ends what {@link #start} began.
   *
   * @param failed whether the output has to be shown
   */
  void stop(boolean failed) throws IOException, InterruptedException {
    RunningSupervisor supervisor = running();
    running = null;
    List<String> left;
    String output;
    try (supervisor) {
      left = supervisor.end();
      output = supervisor.output();
    }
    if (failed || !left.isEmpty()) {
      System.err.println(output);
    }
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + String.join(", ", left));
    }
  }

  /** Opens all at once, lest two get the same. */
  private Map<String, InetSocketAddress> freeAddresses() throws IOException {
    Map<String, InetSocketAddress> free = new LinkedHashMap<>();
    List<ServerSocket> opened = new ArrayList<>();
    try {
      for (String name : listeners) {
        ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        opened.add(any);
        free.put(name, new InetSocketAddress(any.getInetAddress(), any.getLocalPort()));
      }
    } finally {
      for (ServerSocket any : opened) {
        any.close();
      }
    }
    return Map.copyOf(free);
  }
}
