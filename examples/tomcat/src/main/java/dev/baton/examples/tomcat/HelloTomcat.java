package dev.baton.examples.tomcat;

import dev.baton.worker.Worker;
import dev.baton.worker.tomcat.DrainValve;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Says which process answers; {@code /slow} thinks about it for two seconds. */
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
    tomcat.setConnector(connector);
    tomcat.getEngine().getPipeline().addValve(new DrainValve(worker));
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "answer", new Answer()).addMapping("/");
    tomcat.start();
    worker.ready();
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
