package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The example with gRPC, by its own configuration, restarted under three kinds of client at once.
 * They retry nothing but what gRPC itself does, because the server says it has not begun with it.
 */
final class GrpcIT {
  private static final int RESTARTS = Integer.getInteger("baton.adapterRestarts", 2);

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void noCallOfAnyKindNoticesRestarts() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor = start(port, "30s");
    ManagedChannel channel = channel(port);
    GrpcCalls unary = new GrpcCalls("calls on one channel");
    GrpcCalls streams = new GrpcCalls("streams of two seconds");
    GrpcCalls single = new GrpcCalls("a channel each");
    ScheduledExecutorService clock = Executors.newScheduledThreadPool(3);

    // At a fixed rate, so what is late is made up for, whether anything is answered or not.
    List<Future<?>> loads =
        List.of(
            clock.scheduleAtFixedRate(() -> unary.hello(channel), 0, 10, TimeUnit.MILLISECONDS),
            clock.scheduleAtFixedRate(
                () -> streams.count(channel, 10), 0, 100, TimeUnit.MILLISECONDS),
            clock.scheduleAtFixedRate(
                () -> single.helloOn(channel(port)), 0, 50, TimeUnit.MILLISECONDS));
    for (int i = 0; i < RESTARTS; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
      assertTrue(restart.out().contains("drained"), () -> "cut off: " + restart.out());
    }
    assertTrue(loads.stream().noneMatch(Future::isDone), "nobody has failed to call");
    clock.shutdown();
    assertTrue(clock.awaitTermination(10, TimeUnit.SECONDS));
    for (GrpcCalls calls : List.of(unary, streams, single)) {
      Await.until("all calls have ended", calls::haveEnded);
      System.out.println("grpc, " + RESTARTS + " restarts, " + calls);
      assertTrue(calls.answeredBy().size() > 1, calls::toString);
    }
    channel.shutdownNow();

    assertEquals(List.of(), unary.failures());
    assertEquals(List.of(), streams.failures());
    assertEquals(List.of(), single.failures());
  }

  @Test
  void aStreamWithoutAnEndIsCutWhenTheDrainIsOver() throws Exception {
    int port = Machine.freePort();
    Supervisor supervisor = start(port, "2s");
    ManagedChannel channel = channel(port);
    GrpcCalls stream = new GrpcCalls("a stream without an end");
    stream.count(channel, Integer.MAX_VALUE);
    Await.until("the stream has begun", () -> !stream.answeredBy().isEmpty());

    Command restart = supervisor.restart();

    assertEquals(0, restart.exit(), () -> restart.out() + restart.err());
    assertFalse(restart.out().contains("drained"), restart::out);
    Await.until("the stream has ended", stream::haveEnded);
    channel.shutdownNow();
    assertEquals(Status.Code.UNAVAILABLE, stream.lastStatus().getCode(), stream::toString);
  }

  private Supervisor start(int port, String linger) throws Exception {
    Path file = Machine.root().resolve("examples/grpc/baton.toml");
    Supervisor supervisor =
        machine.start(
            Map.of("PORT", Integer.toString(port), "LINGER", linger),
            List.of("-f", file.toString()));
    supervisor.awaitServing();
    return supervisor;
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }
}
