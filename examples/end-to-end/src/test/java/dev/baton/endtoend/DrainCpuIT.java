package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that drains is not woken for connections that others take. */
final class DrainCpuIT {
  private static final int RATE = 1000;
  private static final double TICKS_A_SECOND = 100;
  private static final double MEASURE_SECONDS = 4;

  @RegisterExtension final Machine machine = new Machine();

  @ParameterizedTest
  @ValueSource(strings = {"JdkHttpServer", "PlainServerSocket", "NettyServer"})
  void drainingCostsNoCpuAtAThousandConnectionsASecond(String server) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Machine.freePort());
    String where = "127.0.0.1:" + address.getPort();
    Supervisor supervisor =
        machine.supervise(
            Servers.run(List.of("--linger", "5m"), Servers.command(server, where, "epoll")));
    long old = supervisor.lastPid("serving");
    HalfRequest keepsItAlive = HalfRequest.to(address, "hello from pid " + old);
    CompletableFuture<Command> restart = CompletableFuture.supplyAsync(() -> restart(supervisor));
    supervisor.await("the old worker is off", "pid " + old + " draining: switched off");
    Load load = Load.to(address).rate(RATE).start();
    Await.until("the load runs", () -> load.live().started() > RATE / 2);

    long before = cpuTicks(old);
    long startedBefore = load.live().started();
    long start = System.nanoTime();
    Await.until("measured", () -> System.nanoTime() - start > MEASURE_SECONDS * 1e9);
    double share = (cpuTicks(old) - before) / TICKS_A_SECOND / MEASURE_SECONDS;
    long requests = load.live().started() - startedBefore;
    Report report = load.stop();

    System.out.printf(
        "%s drains: %.2f %% of a CPU while others took %d connections%n",
        server, share * 100, requests);
    assertEquals(List.of(), report.examples());
    assertTrue(!report.answeredBy().containsKey("hello from pid " + old), report.toString());
    assertTrue(keepsItAlive.finish().strip().endsWith("hello from pid " + old));
    assertEquals(0, restart.get().exit());
    keepsItAlive.close();
    // Its connections are counted now and then: that is all it does.
    assertTrue(share < 0.05, "used " + share + " of a CPU");
  }

  /** User and system time of all threads. */
  private static long cpuTicks(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static Command restart(Supervisor supervisor) {
    try {
      return supervisor.restart();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
