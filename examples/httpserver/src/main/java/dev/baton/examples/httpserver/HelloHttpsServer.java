package dev.baton.examples.httpserver;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.baton.worker.Worker;
import dev.baton.worker.httpserver.DrainFilter;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** The same on TLS, with the key store of {@code javax.net.ssl.keyStore}. */
public final class HelloHttpsServer {
  private HelloHttpsServer() {}

  public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
    Worker worker = Worker.attach();
    HttpsServer server = HttpsServer.create(worker.listener("http", "8443").inetAddress(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(SSLContext.getDefault()));
    server.createContext("/", HelloHttpServer::answer).getFilters().add(new DrainFilter(worker));
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    worker.ready();
  }
}
