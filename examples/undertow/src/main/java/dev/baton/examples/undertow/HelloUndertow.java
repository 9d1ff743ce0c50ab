package dev.baton.examples.undertow;

import dev.baton.worker.Worker;
import dev.baton.worker.undertow.DrainHandler;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Says which process answers; {@code /slow} thinks about it for two seconds. */
public final class HelloUndertow {
  /** As many as think at the same time. */
  private static final int THREADS = 100;

  private HelloUndertow() {}

  public static void main(String[] args) {
    Worker worker = Worker.attach();
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    Undertow server =
        Undertow.builder()
            .addHttpListener(address.getPort(), address.getHostString())
            .setWorkerThreads(THREADS)
            .setHandler(new DrainHandler(worker, new BlockingHandler(HelloUndertow::answer)))
            .build();
    server.start();
    worker.ready();
  }

  private static void answer(HttpServerExchange exchange) throws InterruptedException {
    if (exchange.getRequestPath().equals("/slow")) {
      TimeUnit.SECONDS.sleep(2);
    }
    exchange.getResponseSender().send("hello from pid " + ProcessHandle.current().pid() + "\n");
  }
}
