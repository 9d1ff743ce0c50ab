package dev.baton.examples.servers;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Embedded Jetty. */
public final class JettyServer {
  private JettyServer() {}

  public static void main(String[] args) throws Exception {
    InetSocketAddress address = Where.inet(args[0]);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    server.setStopAtShutdown(true);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            Answer answer = Answer.to(request.getHttpURI().getPathQuery());
            answer.think();
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.bytes().length);
            response.write(true, ByteBuffer.wrap(answer.bytes()), callback);
            return true;
          }
        });
    server.start();
    System.out.println("listening on " + connector.getHost() + ":" + connector.getLocalPort());
  }
}
