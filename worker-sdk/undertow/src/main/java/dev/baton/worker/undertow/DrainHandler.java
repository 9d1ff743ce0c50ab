package dev.baton.worker.undertow;

import dev.baton.worker.Worker;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

/**
 * Ends keep-alive connections while this worker drains: each with its next response, which says so
 * by {@code Connection: close}. Belongs around all other handlers:
 *
 * <pre>
 * Undertow.builder().setHandler(new DrainHandler(worker, handler));
 * </pre>
 *
 * <p>Any thread, also one for I/O; does not block, and hands the exchange on where it is.
 */
public final class DrainHandler implements HttpHandler {
  private final Worker worker;
  private final HttpHandler next;

  public DrainHandler(Worker worker, HttpHandler next) {
    this.worker = worker;
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    // HTTP/2 forbids the header, and Undertow's GOAWAY closes the connection with what is under
    // way.
    if (exchange.isHttp11() || exchange.isHttp10()) {
      exchange.addResponseCommitListener(this::beforeCommit);
    }
    next.handleRequest(exchange);
  }

  /** Not before: an upgrade, such as to a WebSocket, must not be closed with its 101. */
  private void beforeCommit(HttpServerExchange exchange) {
    if (worker.isDraining() && !exchange.isUpgrade()) {
      // Both: the header alone does not close after a 204 or 304, nor is it sent there without.
      exchange.setPersistent(false);
      exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
    }
  }
}
