package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.worker.testkit.Load;
import dev.baton.worker.testkit.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tomcat as it is downloaded, started by its own script, with its own way to stop. */
final class TomcatDistributionIT {
  private static final int RESTARTS = Math.min(3, Integer.getInteger("baton.restarts", 3));
  private static final String PAGE = "a page\n";

  @RegisterExtension final Machine machine = new Machine();

  @Test
  void catalinaRunIsRestartedUnnoticed() throws Exception {
    Path home = home();
    Path base = machine.folder().resolve("base");
    int port = Machine.freePort();
    configure(home, base, port);
    Supervisor supervisor =
        machine.start(
            Map.of("CATALINA_HOME", home.toString(), "CATALINA_BASE", base.toString()),
            Servers.run(
                List.of("--probe", "http:/page.txt"),
                List.of("sh", home.resolve("bin/catalina.sh").toString(), "run")));
    supervisor.awaitServing();
    Load load =
        Load.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .path("/page.txt")
            .rate(200)
            .start();

    for (int i = 0; i < RESTARTS; i++) {
      Command restart = supervisor.restart();
      assertEquals(0, restart.exit(), restart.out() + restart.err());
    }
    Report report = load.stop();
    supervisor.stop();
    supervisor.awaitExit();

    System.out.printf("catalina.sh run: %d restarts, %s%n", RESTARTS, report);
    assertEquals(List.of(), report.examples());
    assertEquals(report.started(), report.answeredBy().get(PAGE.trim()));
    assertEquals(
        List.of(),
        supervisor
            .output()
            .lines()
            .filter(line -> line.contains(" WARNING ") || line.contains(" SEVERE "))
            // Tomcat's remark on a busy machine: it also comes when nobody switches anything.
            .filter(line -> !line.contains("Creation of SecureRandom instance"))
            .toList());
  }

  /** Unpacked by the build. */
  private static Path home() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("target/tomcat").toAbsolutePath())) {
      return all.findFirst().orElseThrow();
    }
  }

  /** An instance of its own: the configuration as it comes, but for the ports, and one page. */
  private static void configure(Path home, Path base, int port) throws IOException {
    for (String folder : List.of("conf", "logs", "temp", "webapps/ROOT")) {
      Files.createDirectories(base.resolve(folder));
    }
    try (Stream<Path> all = Files.list(home.resolve("conf"))) {
      for (Path file : all.toList()) {
        Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
      }
    }
    Path server = base.resolve("conf/server.xml");
    Files.writeString(
        server,
        Files.readString(server)
            .replace("port=\"8080\"", "port=\"" + port + "\"")
            .replace("port=\"8005\"", "port=\"" + Machine.freePort() + "\""));
    Files.writeString(base.resolve("webapps/ROOT/page.txt"), PAGE);
  }
}
