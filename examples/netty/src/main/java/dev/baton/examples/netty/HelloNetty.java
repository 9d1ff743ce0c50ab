package dev.baton.examples.netty;

import dev.baton.worker.Listener;
import dev.baton.worker.Worker;
import dev.baton.worker.netty.DrainHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
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
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Says which process answers; {@code /slow} thinks about it for two seconds, {@code /ws} is a
 * WebSocket that repeats what it hears. Arguments: {@code nio|epoll|fd}; with a second, {@code
 * tls}, all of it is on TLS, with the key store of {@code javax.net.ssl.keyStore}.
 */
public final class HelloNetty {
  private static final ChannelGroup WEB_SOCKETS =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  private HelloNetty() {}

  public static void main(String[] args) throws Exception {
    Worker worker = Worker.attach();
    boolean nio = args[0].equals("nio");
    SSLContext tls = args.length > 1 ? SSLContext.getDefault() : null;
    IoHandlerFactory io = nio ? NioIoHandler.newFactory() : EpollIoHandler.newFactory();
    ServerBootstrap server =
        new ServerBootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, io), new MultiThreadIoEventLoopGroup(2, io))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      SSLEngine engine = tls.createSSLEngine();
                      engine.setUseClientMode(false);
                      channel.pipeline().addLast(new SslHandler(engine));
                    }
                    addHandlers(worker, channel.pipeline());
                  }
                });
    Listener http = worker.listener("http", "8080");
    if (args[0].equals("fd")) {
      listen(server, http.fd());
    } else {
      server
          .channel(nio ? NioServerSocketChannel.class : EpollServerSocketChannel.class)
          .bind(http.inetAddress())
          .sync();
    }
    worker.onDrain(drain -> WEB_SOCKETS.forEach(HelloNetty::goAway));
    worker.ready();
  }

  private static void listen(ServerBootstrap server, int number) throws InterruptedException {
    Channel channel =
        server
            .channelFactory(() -> new EpollServerSocketChannel(number))
            .register()
            .sync()
            .channel();
    // Behind what it does first, which is to wait for clients: nothing changes that any more.
    channel.eventLoop().submit(() -> {}).sync();
  }

  private static void addHandlers(Worker worker, ChannelPipeline pipeline) {
    pipeline.addLast(
        new HttpServerCodec(),
        new DrainHandler(worker),
        new HttpObjectAggregator(65536),
        new WebSocketServerProtocolHandler("/ws"),
        new Echo(worker),
        new Answer());
  }

  private static void goAway(Channel socket) {
    var unused =
        socket.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE));
  }

  private static final class Echo extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private final Worker worker;

    Echo(Worker worker) {
      this.worker = worker;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
        WEB_SOCKETS.add(context.channel());
        if (worker.isDraining()) {
          goAway(context.channel());
        }
      }
      context.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame text) {
      var unused = context.writeAndFlush(text.retain());
    }
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
