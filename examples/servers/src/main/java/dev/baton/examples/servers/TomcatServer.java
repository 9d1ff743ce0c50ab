package dev.baton.examples.servers;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Embedded Tomcat. */
public final class TomcatServer {
  private TomcatServer() {}

  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    InetSocketAddress address = Where.inet(args[0]);
    Path base = Files.createTempDirectory("tomcat");
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.toString());
    Connector connector = new Connector();
    connector.setPort(address.getPort());
    connector.setProperty("address", address.getAddress().getHostAddress());
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", base.toString());
    Tomcat.addServlet(context, "answer", new AnswerServlet()).addMapping("/");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tomcat, base)));
    tomcat.start();
    System.out.println("listening on " + address);
  }

  private static void stop(Tomcat tomcat, Path base) {
    try {
      tomcat.stop();
      tomcat.destroy();
      try (Stream<Path> all = Files.walk(base)) {
        for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.deleteIfExists(one);
        }
      }
    } catch (LifecycleException | IOException e) {
      System.err.println("could not stop in order: " + e);
    }
  }

  /** Answers everything. */
  private static final class AnswerServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String query = request.getQueryString();
      Answer answer = Answer.to(request.getRequestURI() + (query == null ? "" : "?" + query));
      answer.think();
      response.setStatus(answer.status());
      response.setContentLength(answer.bytes().length);
      response.getOutputStream().write(answer.bytes());
    }
  }
}
