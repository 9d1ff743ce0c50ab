package dev.baton.worker.jetty;

import dev.baton.worker.Worker;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Ends keep-alive connections while this worker drains: each with its next response, which says so
 * by {@code Connection: close}. Belongs to the configuration of every connector:
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
    boolean isOne = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1;
    if (isOne && worker.isDraining()) {
      responseHeaders.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    return request;
  }
}
