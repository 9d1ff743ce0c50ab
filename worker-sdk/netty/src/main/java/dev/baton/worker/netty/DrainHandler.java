package dev.baton.worker.netty;

import dev.baton.worker.Worker;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BooleanSupplier;

/**
 * Ends keep-alive connections of HTTP/1.1 while this worker drains: each with a response that says
 * so by {@code Connection: close}, when no other request read from it waits for one. Belongs right
 * behind the codec, before an aggregator and whatever else answers; a new one for every channel:
 *
 * <pre>
 * channel.pipeline().addLast(new HttpServerCodec(), new DrainHandler(worker), …);
 * </pre>
 *
 * <p>A connection that has become a WebSocket is let alone: what ends it is a frame of the
 * application's.
 *
 * <p>Made on any thread; then belongs to the event loop of its channel, which it does not block.
 */
public final class DrainHandler extends ChannelDuplexHandler {
  private final BooleanSupplier draining;

  // Mutable state
  private int unanswered;
  private boolean receiving;
  private boolean closing;
  private boolean sent;

  public DrainHandler(Worker worker) {
    this(worker::isDraining);
  }

  DrainHandler(BooleanSupplier draining) {
    this.draining = draining;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing && !receiving && message instanceof HttpObject) {
      ReferenceCountUtil.release(message); // nobody would get the answer
      return;
    }
    if (message instanceof HttpRequest) {
      unanswered++;
      receiving = true;
    }
    if (message instanceof LastHttpContent) {
      receiving = false;
    }
    context.fireChannelRead(message);
    closeWhenDone(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response && isFinal(response)) {
      unanswered = Math.max(0, unanswered - 1);
      // Not yet while others of a pipeline wait: a client reads nothing behind such a response.
      if (unanswered == 0 && draining.getAsBoolean()) {
        HttpUtil.setKeepAlive(response, false);
        closing = true;
      }
    }
    var written = context.write(message, closing ? promise.unvoid() : promise);
    if (closing && message instanceof LastHttpContent) {
      written.addListener(done -> sent(context));
    }
  }

  /** Others, such as 100, are followed by one that is, or by another protocol. */
  private static boolean isFinal(HttpResponse response) {
    return response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
  }

  private void sent(ChannelHandlerContext context) {
    sent = true;
    closeWhenDone(context);
  }

  /** A client that still sends would get a reset, which takes the response from it. */
  private void closeWhenDone(ChannelHandlerContext context) {
    if (sent && !receiving) {
      var unused = context.close();
    }
  }
}
