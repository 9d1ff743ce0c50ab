package dev.baton.worker.grpc;

import dev.baton.worker.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.GlobalEventExecutor;

/**
 * Ends the connections of a gRPC server when this worker begins to drain: by GOAWAY, so that their
 * clients make new calls on new connections; each is closed when the calls that it has have ended.
 * It does what {@code Server.shutdown()} does, but leaves the listener open, so that the supervisor
 * can take the drain back.
 *
 * <p>Makes the server's channels, from which it learns of the connections. A builder that gets a
 * factory wants both event loop groups, too:
 *
 * <pre>
 * NettyServerBuilder.forAddress(address)
 *     .channelFactory(new DrainChannelFactory(worker, NioServerSocketChannel::new))
 *     .bossEventLoopGroup(boss)
 *     .workerEventLoopGroup(workers)
 * </pre>
 *
 * <p>A call that goes on when the drain's time is over ends with the JVM, as UNAVAILABLE. What has
 * streams without an end should end them in {@link Worker#onDrain}.
 *
 * <p>Any thread; does not block.
 */
public final class DrainChannelFactory implements ChannelFactory<ServerChannel> {
  private final Worker worker;
  private final ChannelFactory<? extends ServerChannel> channels;
  private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  public DrainChannelFactory(Worker worker, ChannelFactory<? extends ServerChannel> channels) {
    this.worker = worker;
    this.channels = channels;
    worker.onDrain(drain -> accepted.forEach(DrainChannelFactory::end));
  }

  @Override
  public ServerChannel newChannel() {
    ServerChannel channel = channels.newChannel();
    channel.pipeline().addLast(new Acceptor());
    return channel;
  }

  /** Ahead of the server's own, which has made nothing of the connection yet. */
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Channel connection) {
        accepted.add(connection);
        connection.pipeline().addLast(new Latecomer());
      }
      context.fireChannelRead(message);
    }
  }

  /** A connection that was accepted before the drain may become one of HTTP/2 during it. */
  private final class Latecomer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.fireChannelReadComplete();
      if (worker.isDraining()) {
        end(context.channel());
      }
    }
  }

  /** Before it is one of HTTP/2 this would close it without a word. */
  private static void end(Channel connection) {
    if (connection.pipeline().get(Http2ConnectionHandler.class) != null) {
      var unused = connection.close();
    }
  }
}
