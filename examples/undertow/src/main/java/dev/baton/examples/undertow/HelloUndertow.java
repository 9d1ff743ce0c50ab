package dev.baton.examples.undertow;

import dev.baton.worker.Worker;
import dev.baton.worker.undertow.DrainHandler;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Says which process answers; {@code /slow} thinks about it for two seconds, {@code /ws} is a
 * WebSocket that repeats what it hears. With the argument {@code tls} all of it is on TLS, with the
 * key store of {@code javax.net.ssl.keyStore}.
 */
public final class HelloUndertow {
  /** As many as think at the same time. */
  private static final int THREADS = 100;

  private HelloUndertow() {}

  public static void main(String[] args) throws NoSuchAlgorithmException {
    Worker worker = Worker.attach();
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    WebSocketProtocolHandshakeHandler webSockets =
        Handlers.websocket((exchange, socket) -> opened(worker, socket));
    HttpHandler answers =
        Handlers.path(new BlockingHandler(HelloUndertow::answer)).addExactPath("/ws", webSockets);
    Undertow.Builder server =
        Undertow.builder().setWorkerThreads(THREADS).setHandler(new DrainHandler(worker, answers));
    if (args.length > 0) {
      server.addHttpsListener(address.getPort(), address.getHostString(), SSLContext.getDefault());
    } else {
      server.addHttpListener(address.getPort(), address.getHostString());
    }
    server.build().start();
    worker.onDrain(drain -> webSockets.getPeerConnections().forEach(HelloUndertow::goAway));
    worker.ready();
  }

  private static void answer(HttpServerExchange exchange) throws InterruptedException {
    if (exchange.getRequestPath().equals("/slow")) {
      TimeUnit.SECONDS.sleep(2);
    }
    exchange.getResponseSender().send("hello from pid " + ProcessHandle.current().pid() + "\n");
  }

  private static void opened(Worker worker, WebSocketChannel socket) {
    socket.getReceiveSetter().set(new Echo());
    socket.resumeReceives();
    if (worker.isDraining()) {
      goAway(socket);
    }
  }

  private static void goAway(WebSocketChannel socket) {
    WebSockets.sendClose(CloseMessage.GOING_AWAY, "restart", socket, null);
  }

  private static final class Echo extends AbstractReceiveListener {
    @Override
    protected void onFullTextMessage(WebSocketChannel socket, BufferedTextMessage message) {
      WebSockets.sendText(message.getData(), socket, null);
    }
  }
}
