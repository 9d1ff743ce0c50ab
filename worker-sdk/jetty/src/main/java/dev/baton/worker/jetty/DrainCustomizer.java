package dev.baton.worker.jetty;

import dev.baton.worker.Worker;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Ends keep-alive connections while this worker drains: each with its next request, whose response
 * says so by {@code Connection: close}; in HTTP/2 by GOAWAY, after which the streams that were
 * begun are finished. Belongs to the configuration of every connector and protocol:
 *
 * <pre>
 * httpConfiguration.addCustomizer(new DrainCustomizer(worker));
 * </pre>
 *
 * <p>Any thread; does not block.
 */
public final class DrainCustomizer implements HttpConfiguration.Customizer {
  private final Worker worker;

  public DrainCustomizer(Worker worker) {
    this.worker = worker;
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    if (worker.isDraining()) {
      HttpVersion version = request.getConnectionMetaData().getHttpVersion();
      if (version == HttpVersion.HTTP_1_1) {
        responseHeaders.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
      } else if (version == HttpVersion.HTTP_2) {
        OfHttp2.end(request.getConnectionMetaData().getConnection());
      }
    }
    return request;
  }

  /** Apart, because there are servers that do not have its classes. */
  private static final class OfHttp2 {
    private OfHttp2() {}

    /** Does nothing the second time. */
    static void end(Connection connection) {
      if (connection instanceof HTTP2Connection http2) {
        var unused = http2.getSession().shutdown();
      }
    }
  }
}
