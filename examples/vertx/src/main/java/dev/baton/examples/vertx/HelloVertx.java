package dev.baton.examples.vertx;

import dev.baton.worker.Worker;
import dev.baton.worker.vertx.DrainHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PfxOptions;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says which process answers, by HTTP/1.1 and HTTP/2; {@code /slow} thinks about it for two
 * seconds, {@code /ws} is a WebSocket that repeats what it hears. With the argument {@code tls} all
 * of it is on TLS, with the key store of {@code javax.net.ssl.keyStore}.
 */
public final class HelloVertx {
  private static final short GOING_AWAY = 1001;
  private static final Set<ServerWebSocket> OPEN = ConcurrentHashMap.newKeySet();

  private HelloVertx() {}

  public static void main(String[] args) {
    Worker worker = Worker.attach();
    Vertx vertx = Vertx.vertx();
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    vertx
        .createHttpServer(args.length > 0 ? tls() : new HttpServerOptions())
        .requestHandler(new DrainHandler(worker, request -> handle(vertx, request)))
        .webSocketHandler(socket -> opened(worker, socket))
        .listen(address.getPort(), address.getHostString())
        .await();
    worker.onDrain(drain -> OPEN.forEach(HelloVertx::goAway));
    worker.ready();
  }

  private static HttpServerOptions tls() {
    PfxOptions keys =
        new PfxOptions()
            .setPath(System.getProperty("javax.net.ssl.keyStore"))
            .setPassword(System.getProperty("javax.net.ssl.keyStorePassword"));
    return new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(keys);
  }

  private static void handle(Vertx vertx, HttpServerRequest request) {
    if (request.path().equals("/slow")) {
      var unused = vertx.timer(2000).onComplete(time -> answer(request));
    } else {
      answer(request);
    }
  }

  private static void answer(HttpServerRequest request) {
    var unused = request.response().end("hello from pid " + ProcessHandle.current().pid() + "\n");
  }

  private static void opened(Worker worker, ServerWebSocket socket) {
    OPEN.add(socket);
    socket.closeHandler(closed -> OPEN.remove(socket));
    socket.textMessageHandler(socket::writeTextMessage);
    if (worker.isDraining()) {
      goAway(socket);
    }
  }

  private static void goAway(ServerWebSocket socket) {
    var unused = socket.close(GOING_AWAY, "restart");
  }
}
