package dev.baton.examples.jetty;

import dev.baton.worker.Worker;
import dev.baton.worker.jetty.DrainCustomizer;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * Says which process answers, by HTTP/1.1 and HTTP/2; {@code /slow} thinks about it for two
 * seconds, {@code /ws} is a WebSocket that repeats what it hears. With the argument {@code tls} all
 * of it is on TLS, with the key store of {@code javax.net.ssl.keyStore}.
 */
public final class HelloJetty {
  private HelloJetty() {}

  public static void main(String[] args) throws Exception {
    Worker worker = Worker.attach();
    Server server = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new DrainCustomizer(worker));
    ServerConnector connector =
        args.length > 0
            ? tls(server, configuration)
            : new ServerConnector(
                server,
                new HttpConnectionFactory(configuration),
                new HTTP2CServerConnectionFactory(configuration));
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    WebSocketUpgradeHandler webSockets =
        WebSocketUpgradeHandler.from(
            server, sockets -> sockets.addMapping("/ws", (q, s, c) -> new Echo(worker)));
    webSockets.setHandler(new Answer());
    server.setHandler(webSockets);
    server.start();
    worker.onDrain(drain -> goAway(webSockets.getServerWebSocketContainer()));
    worker.ready();
  }

  private static ServerConnector tls(Server server, HttpConfiguration configuration)
      throws NoSuchAlgorithmException {
    SslContextFactory.Server keys = new SslContextFactory.Server();
    keys.setSslContext(SSLContext.getDefault());
    return new ServerConnector(
        server,
        keys,
        new ALPNServerConnectionFactory(),
        new HTTP2ServerConnectionFactory(configuration),
        new HttpConnectionFactory(configuration));
  }

  private static void goAway(ServerWebSocketContainer sockets) {
    sockets.getOpenSessions().forEach(HelloJetty::goAway);
  }

  private static void goAway(Session socket) {
    socket.close(StatusCode.SHUTDOWN, "restart", org.eclipse.jetty.websocket.api.Callback.NOOP);
  }

  /** Public, because it is called by reflection. */
  public static final class Echo extends Session.Listener.AbstractAutoDemanding {
    private final Worker worker;

    Echo(Worker worker) {
      this.worker = worker;
    }

    @Override
    public void onWebSocketOpen(Session socket) {
      super.onWebSocketOpen(socket);
      if (worker.isDraining()) {
        goAway(socket);
      }
    }

    @Override
    public void onWebSocketText(String text) {
      getSession().sendText(text, org.eclipse.jetty.websocket.api.Callback.NOOP);
    }
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
