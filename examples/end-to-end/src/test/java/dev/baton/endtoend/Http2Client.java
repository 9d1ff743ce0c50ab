package dev.baton.endtoend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One connection of HTTP/2, frame by frame. Belongs to the event loop of its channel. */
final class Http2Client {
  private final Listener listener;

  // Mutable state
  private @Nullable Channel channel;
  private String scheme = "http";
  private @Nullable ChannelHandlerContext ready;
  private boolean goneAway;
  private boolean closing;
  private boolean ended;
  private final Queue<Request> waiting = new ArrayDeque<>();
  private final Map<Integer, Exchange> underWay = new LinkedHashMap<>();
  private final Http2ConnectionHandler protocol =
      new Http2ConnectionHandlerBuilder().server(false).frameListener(new Frames()).build();

  Http2Client(Listener listener) {
    this.listener = listener;
  }

  /**
   * A GET.
   *
   * @param beganNanos when it was due
   */
  record Request(String path, long beganNanos) {}

  /** Hears how each request and the connection ends, once. */
  interface Listener {
    void answered(Request request, String body);

    void failed(Request request, String how);

    /** The server says so: it may be sent anew. */
    void notBegun(Request request);

    /**
     * The connection is no more.
     *
     * @param announced whether by GOAWAY, or because we have closed it
     */
    void closed(Http2Client client, boolean announced);
  }

  private static final class Exchange {
    private final Request request;
    private final StringBuilder body = new StringBuilder();
    private String status = "";

    Exchange(Request request) {
      this.request = request;
    }
  }

  void begin(Channel opened, @Nullable SslContext tls) {
    channel = opened;
    if (tls != null) {
      scheme = "https";
      opened.pipeline().addLast(tls.newHandler(opened.alloc()));
    }
    opened.pipeline().addLast(protocol, new End());
  }

  boolean takesMore() {
    return !goneAway && !closing && !ended;
  }

  void send(Request request) {
    waiting.add(request);
    sendWaiting();
  }

  private void sendWaiting() {
    ChannelHandlerContext on = ready;
    while (on != null
        && takesMore()
        && protocol.connection().local().canOpenStream()
        && !waiting.isEmpty()) {
      Request request = waiting.remove();
      int stream = protocol.connection().local().incrementAndGetNextStreamId();
      underWay.put(stream, new Exchange(request));
      Http2Headers headers =
          new DefaultHttp2Headers()
              .method("GET")
              .path(request.path())
              .scheme(scheme)
              .authority("localhost");
      protocol
          .encoder()
          .writeHeaders(on, stream, headers, 0, true, on.newPromise())
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  fail(stream, "cannot be sent: " + done.cause());
                }
              });
      on.flush();
    }
  }

  private final class Frames extends Http2EventAdapter {
    /** The server's first word. */
    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
      ready = context;
      sendWaiting();
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int stream,
        Http2Headers headers,
        int padding,
        boolean last) {
      Exchange exchange = underWay.get(stream);
      if (exchange != null) {
        exchange.status = String.valueOf(headers.status());
        if (last) {
          end(stream);
        }
      }
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int stream,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean last) {
      onHeadersRead(context, stream, headers, padding, last);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean last) {
      Exchange exchange = underWay.get(stream);
      if (exchange != null) {
        exchange.body.append(data.toString(StandardCharsets.UTF_8));
        if (last) {
          end(stream);
        }
      }
      return data.readableBytes() + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int stream, long error) {
      fail(stream, "reset with error " + error);
    }

    /** There may be two: the first says that it ends, the second with which stream. */
    @Override
    public void onGoAwayRead(
        ChannelHandlerContext context, int lastStream, long error, ByteBuf reason) {
      goneAway = true;
      List<Exchange> notBegun = new ArrayList<>();
      underWay
          .entrySet()
          .removeIf(one -> one.getKey() > lastStream && notBegun.add(one.getValue()));
      if (error != 0) {
        failAll("GOAWAY with error " + error);
      }
      notBegun.forEach(one -> listener.notBegun(one.request));
      List.copyOf(waiting).forEach(listener::notBegun); // never sent
      waiting.clear();
      closeWhenDone();
    }
  }

  private void end(int stream) {
    Exchange exchange = underWay.remove(stream);
    if (exchange == null) {
      return;
    }
    String body = exchange.body.toString().strip();
    if (exchange.status.equals("200") && body.startsWith("hello from pid ")) {
      listener.answered(exchange.request, body);
    } else {
      listener.failed(exchange.request, "answer " + exchange.status + " '" + body + "'");
    }
    closeWhenDone();
    sendWaiting();
  }

  private void fail(int stream, String how) {
    Exchange exchange = underWay.remove(stream);
    if (exchange != null) {
      listener.failed(exchange.request, how);
    }
  }

  private void failAll(String how) {
    List<Exchange> all = List.copyOf(underWay.values());
    underWay.clear();
    all.forEach(one -> listener.failed(one.request, how));
  }

  /** It was never a connection, or is none any more. */
  void fail(String how) {
    ended = true;
    failAll(how);
    List<Request> never = List.copyOf(waiting);
    waiting.clear();
    never.forEach(one -> listener.failed(one, how));
  }

  private void closeWhenDone() {
    if (goneAway && underWay.isEmpty()) {
      close();
    }
  }

  void close() {
    closing = true;
    if (channel != null) {
      var unused = channel.close();
    }
  }

  /** Behind the protocol. */
  private final class End extends ChannelInboundHandlerAdapter {
    @Override
    public void channelInactive(ChannelHandlerContext context) {
      fail("cut");
      listener.closed(Http2Client.this, goneAway || closing);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(cause.toString());
      close();
    }
  }
}
