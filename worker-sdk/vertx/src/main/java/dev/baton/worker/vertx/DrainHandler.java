package dev.baton.worker.vertx;

import dev.baton.worker.Worker;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/**
 * Ends keep-alive connections while this worker drains: each with its next request, whose response
 * says so by {@code Connection: close}; in HTTP/2 by GOAWAY, after which the streams that were
 * begun are finished. Belongs in front of the server's own handler, such as a router:
 *
 * <pre>
 * server.requestHandler(new DrainHandler(worker, router));
 * </pre>
 *
 * <p>An idle connection without a next request is left to its client. A request for a WebSocket is
 * let alone, and so is the connection that becomes one. Clients have to know what a GOAWAY means:
 * the JDK's does in Java 25; in Java 17 it fails what is under way.
 *
 * <p>Any thread; does not block.
 */
public final class DrainHandler implements Handler<HttpServerRequest> {
  /** Vert.x asks for one. How long a drain takes is the supervisor's to say, who ends this JVM. */
  private static final long LIMIT_HOURS = 24;

  private final Worker worker;
  private final Handler<HttpServerRequest> next;

  public DrainHandler(Worker worker, Handler<HttpServerRequest> next) {
    this.worker = worker;
    this.next = next;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (worker.isDraining() && !request.canUpgradeToWebSocket()) {
      end(request);
    }
    next.handle(request);
  }

  private static void end(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    if (request.version() == HttpVersion.HTTP_2) {
      // Streams that cross the first word are taken; who answers the ping has read it.
      connection.goAway(0, Integer.MAX_VALUE);
      connection.ping(Buffer.buffer(new byte[8])).onComplete(answer -> shutDown(connection));
    } else {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      shutDown(connection);
    }
  }

  /** Closes it when the responses that are owed have been written. */
  private static void shutDown(HttpConnection connection) {
    var unused = connection.shutdown(LIMIT_HOURS, TimeUnit.HOURS);
  }
}
