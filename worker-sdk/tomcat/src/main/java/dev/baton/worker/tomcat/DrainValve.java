package dev.baton.worker.tomcat;

import dev.baton.worker.Worker;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;

/**
 * Ends keep-alive connections while this worker drains: each with its next response, which says so
 * by {@code Connection: close}; those of HTTP/2 by GOAWAY, after which the streams that were begun
 * are finished. Belongs in front of the engine's other valves, where every request of every
 * connector comes by:
 *
 * <pre>
 * tomcat.getEngine().getPipeline().addValve(new DrainValve(worker));
 * </pre>
 *
 * <p>Any thread; does not block. Asynchronous servlets may stand behind it.
 */
public final class DrainValve extends ValveBase {
  private final Worker worker;

  public DrainValve(Worker worker) {
    super(true);
    this.worker = worker;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (worker.isDraining()) {
      if (request.getProtocol().startsWith("HTTP/1.")) {
        response.setHeader("Connection", "close");
      } else {
        goAway(request.getConnector());
      }
    }
    getNext().invoke(request, response);
  }

  /**
   * Tells all connections of HTTP/2 that it has; the others do not mind, nor do those that were
   * told before. Not {@code connector.pause()}, which does this too: it would close what comes when
   * the drain is taken back.
   */
  private static void goAway(Connector connector) {
    if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
      protocol.getHandler().pause();
    }
  }
}
