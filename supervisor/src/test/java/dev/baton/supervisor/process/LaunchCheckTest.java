package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.Jars;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known to be wrong before anything is started. */
final class LaunchCheckTest {
  private static final String PATH = String.valueOf(System.getenv("PATH"));

  @TempDir private Path folder = Path.of("");

  @Test
  void goodLaunchHasNoProblem() throws IOException {
    Files.writeString(folder.resolve("app.jar"), "");
    Launch launch =
        new LaunchBuilder("java", "-jar", "app.jar")
            .directory(folder)
            .javaHome(Path.of(System.getProperty("java.home")))
            .jvmOptions("-Xmx64m", "--add-opens=java.base/java.lang=ALL-UNNAMED")
            .build();

    assertDoesNotThrow(() -> Launcher.check(launch, Map.of("PATH", "")));
  }

  @Test
  void programIsLookedForWhereTheWorkerWouldFindIt() throws IOException {
    Path program = folder.resolve("serve");
    Files.writeString(program, "#!/bin/sh\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertEquals(
        "cannot run 'serve': no directory in PATH has it; give its full path, or install it",
        problem(new LaunchBuilder("serve")));
    assertDoesNotThrow(() -> check(new LaunchBuilder("./serve").directory(folder)));
    assertDoesNotThrow(
        () -> check(new LaunchBuilder("serve").environment(Map.of("PATH", folder.toString()))));
  }

  @Test
  void fileThatIsNotExecutableIsNoProgram() throws IOException {
    Path file = Files.writeString(folder.resolve("serve"), "");

    assertEquals(
        "cannot run " + file + ": no such file, or it is not executable",
        problem(new LaunchBuilder(file.toString())));
  }

  @Test
  void missingJarIsNamed() {
    assertEquals(
        "cannot read the jar app.jar: no such file, or no permission; check the path after -jar",
        problem(new LaunchBuilder(Jars.java(), "-jar", "app.jar").directory(folder)));
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    LaunchBuilder launch =
        new LaunchBuilder("java")
            .directory(folder.resolve("none"))
            .javaHome(folder)
            .jvmOptions("-cp")
            .user("nobody-of-this-name");

    assertEquals(
        "cannot start in "
            + folder
            + "/none: no such directory; create it\n"
            + folder
            + " is no Java: it has no bin/java; name the directory of a JDK or JRE\n"
            + "the JVM option -cp can only be given in the command; write it there\n"
            + "there is no user 'nobody-of-this-name' on this host; create it, or correct the name",
        problem(launch));
  }

  @Test
  void optionAndItsValueAreOneWord() {
    LaunchBuilder launch = new LaunchBuilder("sh").jvmOptions("--add-opens=a/b=c", "a/b=c");

    assertTrue(problem(launch).startsWith("'a/b=c' is no JVM option"));
  }

  @Test
  void whatIsStagedHasToBeThere() {
    Launch launch = new LaunchBuilder("sh").directory(folder).build();
    Launch staging =
        new Launch(
            launch.command(),
            launch.directory(),
            launch.environment(),
            "",
            "",
            launch.jvmOptions(),
            "",
            new Staging(true, ImmutableList.of(".", "conf")));

    ConfigException wrong =
        assertThrows(ConfigException.class, () -> Launcher.check(staging, Map.of("PATH", PATH)));

    assertEquals("cannot stage conf: no such file; correct the path", wrong.getMessage());
  }

  @Test
  void badLineOfTheEnvironmentFileIsFound() throws IOException {
    Path file = Files.writeString(folder.resolve("env"), "A=b\nno\n");

    assertTrue(problem(new LaunchBuilder("sh").environmentFile(file)).startsWith(file + ":2 "));
  }

  private static void check(LaunchBuilder launch) throws ConfigException {
    Launcher.check(launch.build(), Map.of("PATH", PATH));
  }

  private static String problem(LaunchBuilder launch) {
    return String.valueOf(assertThrows(ConfigException.class, () -> check(launch)).getMessage());
  }
}
