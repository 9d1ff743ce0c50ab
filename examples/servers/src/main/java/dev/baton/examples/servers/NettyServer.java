package dev.baton.examples.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** Netty, on java.nio or on its native epoll transport. Arguments: where, {@code nio|epoll}. */
public final class NettyServer {
  private NettyServer() {}

  public static void main(String[] args) throws InterruptedException {
    boolean epoll = args[1].equals("epoll");
    boolean unix = args[0].startsWith("unix:");
    SocketAddress address =
        unix ? new DomainSocketAddress(args[0].substring("unix:".length())) : Where.inet(args[0]);
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, io), new MultiThreadIoEventLoopGroup(2, io))
            .channel(type(epoll, unix))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(), new HttpObjectAggregator(65536), new Answers());
                  }
                });
    ChannelFuture bound = bootstrap.bind(address).sync();
    System.out.println("listening on " + bound.channel().localAddress());
  }

  private static Class<? extends ServerChannel> type(boolean epoll, boolean unix) {
    if (!epoll) {
      return NioServerSocketChannel.class;
    }
    return unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
  }

  /** Answers everything, without blocking its thread. */
  private static final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      Answer answer = Answer.to(request.uri());
      boolean close = !HttpUtil.isKeepAlive(request);
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(answer.status()),
              Unpooled.wrappedBuffer(answer.bytes()));
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.bytes().length);
      Runnable send =
          () -> {
            ChannelFuture sent = context.writeAndFlush(response);
            if (close) {
              sent.addListener(ChannelFutureListener.CLOSE);
            }
          };
      if (answer.delayMillis() == 0) {
        send.run();
      } else {
        var unused = context.executor().schedule(send, answer.delayMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }
}
