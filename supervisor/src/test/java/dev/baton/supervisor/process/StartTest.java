package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.Jars;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.resource.ResourceException;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a started process finds; real ones. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class StartTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void applicationLearnsWhoItIs() throws Exception {
    String script =
        "echo $BATON_SERVICE $BATON_GENERATION $BATON_SLOT $BATON_REASON $BATON_LISTENERS $BATON_STOP_MILLIS"
            + " $BATON_TOKEN $PWD";

    assertEquals(
        "web 3 1 restart http=tcp:*:8080 10000 secret " + folder.toRealPath() + "\n",
        outputOf(new LaunchBuilder("sh", "-c", script).directory(folder)));
  }

  @Test
  void environmentOfTheServiceWinsOverItsFile() throws Exception {
    Path file = Files.writeString(folder.resolve("env"), "A=file\nB=file\n");
    LaunchBuilder launch =
        new LaunchBuilder("sh", "-c", "echo $A $B")
            .environmentFile(file)
            .environment(Map.of("A", "service"));

    assertEquals("service file\n", outputOf(launch));
  }

  @Test
  void environmentFileIsReadAtEachStart() throws Exception {
    Path file = Files.writeString(folder.resolve("env"), "A=1\n");
    LaunchBuilder launch = new LaunchBuilder("sh", "-c", "echo $A").environmentFile(file);
    assertEquals("1\n", outputOf(launch));

    Files.writeString(file, "A=2\n");

    assertEquals("1\n2\n", outputOf(launch));
  }

  @Test
  void environmentFileThatHasBecomeBadFailsTheStart() throws Exception {
    Path file = Files.writeString(folder.resolve("env"), "nonsense");
    LaunchBuilder launch = new LaunchBuilder("sh", "-c", "echo").environmentFile(file);

    ResourceException failed = assertThrows(ResourceException.class, () -> start(launch));

    assertTrue(String.valueOf(failed.getMessage()).startsWith(file + ":1 "));
  }

  @Test
  void javaIsThatOfTheJavaHome() throws Exception {
    Path home = folder.resolve("a jdk");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho $0 $JAVA_HOME; command -v java");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertEquals(
        java + " " + home + "\n" + java + "\n", outputOf(new LaunchBuilder("java").javaHome(home)));
  }

  @Test
  void optionsReachTheJvmWhateverIsInThem() throws Exception {
    Map<String, String> main =
        Map.of(
            "Main",
            """
            public class Main {
              public static void main(String[] args) {
                for (String name : args) {
                  System.out.println(System.getProperty(name));
                }
              }
            }
            """);
    Path jar = new Jars(folder).make(folder.resolve("m.jar"), Map.of("Main-Class", "Main"), main);
    LaunchBuilder launch =
        new LaunchBuilder(Jars.java(), "-jar", jar.toString(), "a", "b", "c", "d", "inherited")
            .environment(Map.of("JAVA_TOOL_OPTIONS", "-Dinherited=yes"))
            .jvmOptions("-Da=1", "-Db=two words", "-Dc=it's", "-Dd=both \" and '");

    String output = outputOf(launch);

    assertTrue(output.endsWith("1\ntwo words\nit's\nboth \" and '\nyes\n"), output);
  }

  @Test
  void librariesOfTheAgentAreLoadedByTheJvmItselfUnlessItsOptionsHaveTheirOwnWay()
      throws Exception {
    Jars jars = new Jars(folder);
    jars.make(
        folder.resolve("library.jar"), Map.of(), Map.of("Library", "public class Library {}"));
    String main =
        """
        public class Main {
          public static void main(String[] args) throws Exception {
            ClassLoader loader = Class.forName("Library").getClassLoader();
            System.out.println("loaded by " + (loader == null ? "the JVM" : "another"));
          }
        }
        """;
    String jar =
        jars.make(folder.resolve("m.jar"), Map.of("Main-Class", "Main"), Map.of("Main", main))
            .toString();

    outputOf(new LaunchBuilder(Jars.java(), "-jar", jar));
    outputOf(new LaunchBuilder(Jars.java(), "-Xshare:auto", "-jar", jar));
    outputOf(new LaunchBuilder(Jars.java(), "-jar", jar).jvmOptions("-XX:SharedArchiveFile=/own"));
    outputOf(new LaunchBuilder("env", Jars.java(), "-jar", jar));

    assertEquals(
        List.of("loaded by the JVM", "loaded by another", "loaded by another", "loaded by another"),
        Files.readAllLines(output()).stream().filter(line -> line.startsWith("loaded")).toList());
  }

  @Test
  void workerRunsAsItsUser() throws Exception {
    Assumptions.assumeTrue(RunDirectory.uid() == 0, "only root can become somebody else");
    LaunchBuilder launch =
        new LaunchBuilder("sh", "-c", "id -un; id -u; id -g; echo $USER $HOME $PPID")
            .user("nobody")
            .directory(folder);

    String output = outputOf(launch);

    assertEquals(
        "nobody\n65534\n65534\nnobody /nonexistent " + ProcessHandle.current().pid() + "\n",
        output);
  }

  @Test
  void ownUserNeedsNoChange() throws Exception {
    assertEquals(
        "ok\n",
        outputOf(
            new LaunchBuilder("sh", "-c", "echo ok").user(Integer.toString(RunDirectory.uid()))));
  }

  @Test
  void otherUserHasToReachAgentAndSocket() throws Exception {
    Assumptions.assumeTrue(RunDirectory.uid() == 0, "only root can become somebody else");
    Path agent = Files.writeString(folder.resolve("agent.jar"), "");
    Path attach = Files.writeString(folder.resolve("attach.sock"), "");
    Launcher launcher = new Launcher(agent, attach);
    LaunchBuilder launch = new LaunchBuilder("true").user("nobody");

    assertEquals(
        "user 'nobody' cannot read " + agent + "; install Baton where every user can read it",
        problem(launcher, launch));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    assertTrue(problem(launcher, launch).startsWith("user 'nobody' cannot connect to " + attach));
    Files.setPosixFilePermissions(attach, PosixFilePermissions.fromString("rw-rw-rw-"));
    launcher.checkReach(launch.build());
  }

  @Test
  void signalGoesToTheJvmIfItIsKnown() throws Exception {
    Path ready = folder.resolve("ready");
    String script = "trap 'echo usr1; kill $!; exit 0' USR1; sleep 60 & : > " + ready + "; wait";
    Process process = start(new LaunchBuilder("sh", "-c", script));
    while (!Files.exists(ready)) {
      Thread.onSpinWait();
    }

    Processes.signal(process.toHandle(), 0, "SIGUSR1");

    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals("usr1\n", Files.readString(output()));
  }

  private static String problem(Launcher launcher, LaunchBuilder launch) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> launcher.checkReach(launch.build()))
            .getMessage());
  }

  private Path output() {
    return folder.resolve("output");
  }

  private String outputOf(LaunchBuilder launch) throws Exception {
    Process process = start(launch);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return Files.readString(output());
  }

  private Process start(LaunchBuilder launch) throws IOException {
    Path agent =
        new Jars(folder)
            .make(
                folder.resolve("the agent.jar"),
                Map.of("Premain-Class", "Nothing", "Class-Path", "library.jar"),
                Map.of(
                    "Nothing", "public class Nothing { public static void premain(String a) {} }"));
    Streams streams = Streams.to(Redirect.appendTo(output().toFile()), null);
    return new Launcher(agent, folder.resolve("attach.sock"))
        .start(
            new Start(
                launch.build(),
                List.of(),
                "secret",
                List.of(),
                Weight.FULL,
                streams,
                "web",
                3,
                1,
                "restart",
                List.of("http=tcp:*:8080"),
                0,
                0,
                10_000));
  }
}
