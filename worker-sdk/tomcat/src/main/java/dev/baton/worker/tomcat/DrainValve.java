package dev.baton.worker.tomcat;

import dev.baton.worker.Worker;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Ends keep-alive connections while this worker drains: each with its next response, which says so
 * by {@code Connection: close}. Belongs in front of the engine's other valves, where every request
 * of every connector comes by:
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
    // HTTP/2 forbids the header.
    if (worker.isDraining() && request.getProtocol().startsWith("HTTP/1.")) {
      response.setHeader("Connection", "close");
    }
    getNext().invoke(request, response);
  }
}
