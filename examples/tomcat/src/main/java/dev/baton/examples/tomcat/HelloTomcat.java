package dev.baton.examples.tomcat;

import dev.baton.worker.Worker;
import dev.baton.worker.tomcat.DrainValve;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * Says which process answers, by HTTP/1.1 and HTTP/2; {@code /slow} thinks about it for two
 * seconds, {@code /ws} is a WebSocket that repeats what it hears. With the argument {@code tls} all
 * of it is on TLS, with the key store of {@code javax.net.ssl.keyStore}.
 */
public final class HelloTomcat {
  private HelloTomcat() {}

  public static void main(String[] args) throws LifecycleException {
    Worker worker = Worker.attach();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir("target/tomcat");
    Connector connector = new Connector();
    InetSocketAddress address = worker.listener("http", "8080").inetAddress();
    connector.setProperty("address", address.getHostString());
    connector.setPort(address.getPort());
    if (args.length > 0) {
      secure(connector);
    }
    tomcat.setConnector(connector);
    tomcat.getEngine().getPipeline().addValve(new DrainValve(worker));
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "answer", new Answer()).addMapping("/");
    context.addServletContainerInitializer(new WsSci(), Set.of(Echo.class));
    tomcat.start();
    worker.onDrain(drain -> Echo.goAway());
    worker.ready();
  }

  private static void secure(Connector connector) {
    SSLHostConfig host = new SSLHostConfig();
    SSLHostConfigCertificate certificate =
        new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
    certificate.setCertificateKeystoreFile(System.getProperty("javax.net.ssl.keyStore"));
    certificate.setCertificateKeystorePassword(
        System.getProperty("javax.net.ssl.keyStorePassword"));
    host.addCertificate(certificate);
    connector.addSslHostConfig(host);
    connector.setProperty("SSLEnabled", "true");
    connector.setScheme("https");
    connector.setSecure(true);
  }

  private static final class Answer extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getRequestURI().equals("/slow")) {
        think();
      }
      byte[] text =
          ("hello from pid " + ProcessHandle.current().pid() + "\n")
              .getBytes(StandardCharsets.UTF_8);
      response.setContentLength(text.length);
      response.getOutputStream().write(text);
    }

    private static void think() throws IOException {
      try {
        TimeUnit.SECONDS.sleep(2);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
