package dev.baton.examples.benchmarks;

import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapper;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * An ordinary application that is slow when cold: embedded Tomcat; each request writes JSON, reads
 * it again and fills a template. It does not know of Baton.
 */
public final class Shop {
  private Shop() {}

  /** Takes the port it listens on. */
  public static void main(String[] args) throws Exception {
    Logger.getLogger("").setLevel(Level.WARNING);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    Path base = Files.createTempDirectory("shop");
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.toString());
    Connector connector = new Connector();
    connector.setPort(address.getPort());
    connector.setProperty("address", address.getAddress().getHostAddress());
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", base.toString());
    Tomcat.addServlet(context, "shop", new ShopServlet()).addMapping("/");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tomcat, base)));
    tomcat.start();
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

  /** {@code /catalogue?page=3} as a page, {@code /catalogue.json?page=3} as JSON. */
  private static final class ShopServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient ObjectMapper json = JsonMapper.builder().build();
    private final transient Configuration templates = templates();

    private static Configuration templates() {
      Configuration templates = new Configuration(Configuration.VERSION_2_3_34);
      templates.setClassLoaderForTemplateLoading(Shop.class.getClassLoader(), "/");
      templates.setDefaultEncoding("UTF-8");
      templates.setObjectWrapper(new DefaultObjectWrapper(Configuration.VERSION_2_3_34));
      return templates;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String page = request.getParameter("page");
      String written =
          json.writeValueAsString(Catalogue.page(page == null ? 1 : Integer.parseInt(page)));
      boolean wantsJson = request.getRequestURI().endsWith(".json");
      String answer = wantsJson ? written : html(json.readValue(written, Catalogue.class));
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      response.setContentType(wantsJson ? "application/json" : "text/html; charset=utf-8");
      response.setHeader("X-Generation", System.getenv("BATON_GENERATION"));
      response.setContentLength(bytes.length);
      response.getOutputStream().write(bytes);
    }

    private String html(Catalogue catalogue) throws IOException {
      StringWriter page = new StringWriter();
      Template template = templates.getTemplate("catalogue.ftl");
      try {
        template.process(Map.of("catalogue", catalogue), page);
      } catch (TemplateException e) {
        throw new IOException(e);
      }
      return page.toString();
    }
  }
}
