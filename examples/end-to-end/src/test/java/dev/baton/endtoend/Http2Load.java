package dev.baton.endtoend;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests by HTTP/2 at a fixed rate, all on one connection; when the server has said GOAWAY, on
 * the next one. It retries nothing but what the server says it has not begun with, as the protocol
 * has it, and counts that. A connection that ends without GOAWAY is a failure.
 *
 * <p>All state belongs to one event loop.
 */
final class Http2Load {
  private static final long SLOW_MILLIS = 200;
  private static final long QUICK_MILLIS = 20;
  private static final int ANSWER_SECONDS = 30;

  private final InetSocketAddress server;
  private final @Nullable SslContext tls;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();

  // Mutable state
  private @Nullable Http2Client current;
  private final Set<Http2Client> open = new HashSet<>();
  private final Set<String> answeredBy = new TreeSet<>();
  private final List<String> failures = new ArrayList<>();
  private long started;
  private long ended;
  private long notBegun;
  private long connections;
  private long slowestNanos;

  private Http2Load(InetSocketAddress server, @Nullable SslContext tls) {
    this.server = server;
    this.tls = tls;
  }

  /**
   * Sends nothing yet.
   *
   * @param tls null for prior knowledge in clear text
   */
  static Http2Load to(InetSocketAddress server, @Nullable SslContext tls) {
    return new Http2Load(server, tls);
  }

  /** What the load has met with. */
  record Summary(
      long started,
      long ended,
      long notBegun,
      long connections,
      Set<String> answeredBy,
      List<String> failures,
      long slowestNanos) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d requests, %d failed, %d sent anew as not begun, on %d connections, by %d processes,"
              + " slowest %d ms",
          started,
          failures.size(),
          notBegun,
          connections,
          answeredBy.size(),
          TimeUnit.NANOSECONDS.toMillis(slowestNanos));
    }
  }

  /** Sends until the task has ended, then waits for the answers. */
  Summary during(Task task) throws Exception {
    // At a fixed rate, so what is late is made up for, whether anything is answered or not.
    List<ScheduledFuture<?>> sending =
        List.of(
            loop.scheduleAtFixedRate(() -> start("/"), 0, QUICK_MILLIS, TimeUnit.MILLISECONDS),
            loop.scheduleAtFixedRate(() -> start("/slow"), 0, SLOW_MILLIS, TimeUnit.MILLISECONDS));
    task.run();
    boolean failed = sending.stream().anyMatch(ScheduledFuture::isDone);
    sending.forEach(one -> one.cancel(false));
    Await.until("all requests have ended", () -> loop.submit(this::haveEnded).get());
    Summary summary = loop.submit(this::summary).get();
    if (failed) {
      throw new AssertionError("the load has ended early: " + summary);
    }
    return summary;
  }

  /** Something that may fail. */
  interface Task {
    void run() throws Exception;
  }

  private boolean haveEnded() {
    return started == ended;
  }

  private Summary summary() {
    return new Summary(
        started,
        ended,
        notBegun,
        connections,
        Set.copyOf(answeredBy),
        List.copyOf(failures),
        slowestNanos);
  }

  private void start(String path) {
    started++;
    send(new Http2Client.Request(path, System.nanoTime()));
  }

  /** Also what was not begun elsewhere. */
  private void send(Http2Client.Request request) {
    Http2Client client = current;
    if (client == null || !client.takesMore()) {
      client = connect();
      current = client;
    }
    client.send(request);
  }

  private Http2Client connect() {
    Http2Client client = new Http2Client(new Ears());
    connections++;
    open.add(client);
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                client.begin(channel, tls);
              }
            })
        .connect(server)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                client.fail("cannot connect: " + done.cause());
              }
            });
    return client;
  }

  /** What a connection has to tell. */
  private final class Ears implements Http2Client.Listener {
    @Override
    public void answered(Http2Client.Request request, String body) {
      answeredBy.add(body);
      end(request);
    }

    @Override
    public void failed(Http2Client.Request request, String how) {
      failures.add(request.path() + ": " + how);
      end(request);
    }

    @Override
    public void notBegun(Http2Client.Request request) {
      notBegun++;
      send(request);
    }

    @Override
    public void closed(Http2Client client, boolean announced) {
      open.remove(client);
      if (!announced) {
        failures.add("a connection has ended without GOAWAY");
      }
    }

    private void end(Http2Client.Request request) {
      ended++;
      long nanos = System.nanoTime() - request.beganNanos();
      slowestNanos = Math.max(slowestNanos, nanos);
      if (nanos > TimeUnit.SECONDS.toNanos(ANSWER_SECONDS)) {
        failures.add(request.path() + ": not before " + nanos + " ns");
      }
    }
  }

  void close() throws InterruptedException {
    loop.submit(() -> List.copyOf(open).forEach(Http2Client::close)).sync();
    group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
  }
}
