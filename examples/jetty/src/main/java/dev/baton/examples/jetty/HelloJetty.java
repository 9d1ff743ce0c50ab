package dev.baton.examples.jetty;

import dev.baton.worker.Worker;
import dev.baton.worker.jetty.DrainCustomizer;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Says which process answers; {@code /slow} thinks about it for two seconds. */
public final class HelloJetty {
  private HelloJetty() {}

  public static void main(String[] args) throws Exception {
    Worker worker = Worker.attach();
    Server server = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new DrainCustomizer(worker));
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(configuration));
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    server.setHandler(new Answer());
    server.start();
    worker.ready();
  }

  private static final class Answer extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws InterruptedException {
      if (Request.getPathInContext(request).equals("/slow")) {
        TimeUnit.SECONDS.sleep(2);
      }
      String text = "hello from pid " + ProcessHandle.current().pid() + "\n";
      Content.Sink.write(response, true, text, callback);
      return true;
    }
  }
}
