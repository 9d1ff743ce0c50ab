package dev.baton.examples.vertx;

import dev.baton.worker.Worker;
import dev.baton.worker.vertx.DrainHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;

/** Says which process answers; {@code /slow} thinks about it for two seconds. */
public final class HelloVertx {
  private HelloVertx() {}

  public static void main(String[] args) {
    Worker worker = Worker.attach();
    Vertx vertx = Vertx.vertx();
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    vertx
        .createHttpServer()
        .requestHandler(new DrainHandler(worker, request -> handle(vertx, request)))
        .listen(address.getPort(), address.getHostString())
        .await();
    worker.ready();
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
}
