package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker sees what its service is configured with. */
final class LaunchEnvironmentIT {
  @RegisterExtension final Machine machine = new Machine();

  @Test
  void workerSeesItsDirectoryVariablesJavaAndOptions() throws Exception {
    String home = anotherJdk();
    List<String> seen = seen("java-home = \"" + home + "\"");

    System.out.println("launch: " + String.join(" ", telling(seen)));
    assertCommon(seen);
    assertTrue(seen.contains("java=" + Path.of(home).toRealPath()), seen.toString());
    assertTrue(seen.contains("JAVA_HOME=" + home), seen.toString());
  }

  @Test
  void workerRunsAsAnotherUser() throws Exception {
    Assumptions.assumeTrue(Machine.isRoot(), "only root may switch");
    Assumptions.assumeTrue(nobodyReads(Machine.root()), "nobody cannot read this checkout");
    List<String> seen = seen("user = \"nobody\"");

    System.out.println("launch as nobody: " + String.join(" ", telling(seen)));
    assertCommon(seen);
    assertTrue(seen.contains("USER=nobody"), seen.toString());
    String uid = seen.stream().filter(line -> line.startsWith("Uid:")).findFirst().orElseThrow();
    assertTrue(uid.matches("Uid:(\\s+[1-9]\\d*){4}"), uid);
  }

  private static void assertCommon(List<String> seen) {
    assertTrue(seen.stream().anyMatch(line -> line.matches("directory=.*/work")), seen.toString());
    assertTrue(seen.contains("MODE=from the table"), "the table goes before the file: " + seen);
    assertTrue(seen.contains("REGION=eu"), seen.toString());
    assertTrue(seen.contains("property=two words"), seen.toString());
    assertTrue(seen.contains("BATON_SERVICE=web"), seen.toString());
    assertTrue(seen.contains("BATON_GENERATION=1"), seen.toString());
    assertTrue(seen.contains("BATON_SLOT=0"), seen.toString());
  }

  /** What a worker of such a service answers. */
  private List<String> seen(String line) throws Exception {
    Path folder = machine.folder();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(folder.resolve("work"));
    Files.writeString(folder.resolve("shop.env"), "MODE=from the file\nREGION=eu\n");
    Path orders = Files.writeString(folder.resolve("orders"), "");
    int port = Machine.freePort();
    Team team = new Team(machine);
    team.configure(
        Team.service(
            "web",
            ObedientServer.command("java", orders, "web", List.of(port)),
            line,
            "directory = \"work\"",
            "environment = { MODE = \"from the table\" }",
            "environment-file = \"shop.env\"",
            "jvm-options = [\"-Dshop.property=two words\"]",
            Team.listen(List.of(port))));
    team.run();
    return Ports.get(port, "/launch").lines().toList();
  }

  private static List<String> telling(List<String> seen) {
    return seen.stream()
        .filter(line -> line.matches("(directory|java|property|Uid|MODE|REGION|USER)[=:].*"))
        .toList();
  }

  /** Another than ours, if this host has one. */
  private static String anotherJdk() throws IOException {
    Path own = Path.of(System.getProperty("java.home")).toRealPath();
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return own.toString();
    }
    try (Stream<Path> homes = Files.list(all)) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/javac")))
          .filter(home -> !home.toAbsolutePath().equals(own) && !Files.isSymbolicLink(home))
          .findFirst()
          .orElse(own)
          .toString();
    }
  }

  private static boolean nobodyReads(Path root) throws Exception {
    Path jars = root.resolve("supervisor/target/dist/lib").toAbsolutePath();
    Path classes = root.resolve("examples/end-to-end/target/test-classes").toAbsolutePath();
    int exit =
        new ProcessBuilder(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "sh",
                "-c",
                "test -r \"$0\" && test -r \"$1\"",
                jars.toString(),
                classes.toString())
            .start()
            .waitFor();
    return exit == 0;
  }
}
