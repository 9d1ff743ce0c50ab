package dev.baton.examples.netty;

import dev.baton.worker.Worker;
import dev.baton.worker.netty.DrainHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Says which process answers; {@code /slow} thinks about it for two seconds. Argument: {@code
 * nio|epoll}.
 */
public final class HelloNetty {
  private HelloNetty() {}

  public static void main(String[] args) throws InterruptedException {
    Worker worker = Worker.attach();
    boolean epoll = args[0].equals("epoll");
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(1, io), new MultiThreadIoEventLoopGroup(2, io))
        .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpServerCodec(),
                        new DrainHandler(worker),
                        new HttpObjectAggregator(65536),
                        new Answer());
              }
            })
        .bind(worker.listener("http", "8080").inetAddress())
        .sync();
    worker.ready();
  }

  private static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      boolean slow = request.uri().equals("/slow");
      boolean last = !HttpUtil.isKeepAlive(request);
      var unused =
          context.executor().schedule(() -> answer(context, last), slow ? 2 : 0, TimeUnit.SECONDS);
    }

    private static void answer(ChannelHandlerContext context, boolean last) {
      ByteBuf text =
          Unpooled.copiedBuffer(
              "hello from pid " + ProcessHandle.current().pid() + "\n", StandardCharsets.UTF_8);
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, text);
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes());
      HttpUtil.setKeepAlive(response, !last);
      var sent = context.writeAndFlush(response);
      if (last) {
        sent.addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
