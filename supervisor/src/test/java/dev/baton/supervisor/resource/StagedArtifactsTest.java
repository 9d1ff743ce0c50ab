package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.baton.supervisor.Jars;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.Staging;
import dev.baton.testing.NothingLeft;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real jars, real processes that run on their copies. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class StagedArtifactsTest {
  /** Loads two classes late: one of its own jar, one that only the class path has. */
  private static final String MAIN =
      """
      public class Main {
        static class Later {
          static Object text() throws Exception {
            return Class.forName("Late").getMethod("text").invoke(null);
          }
        }
        public static void main(String[] args) throws Exception {
          System.out.println("started");
          System.in.read();
          System.out.println(Later.text());
        }
      }
      """;

  private static final String LATE =
      "public class Late { public static String text() { return \"the old code\"; } }";

  @TempDir private Path folder = Path.of("");

  private Path app = Path.of("");
  private Path state = Path.of("");
  private StagedArtifacts artifacts = new StagedArtifacts(Path.of(""));

  @BeforeEach
  void createFolders() throws IOException {
    app = Files.createDirectories(folder.toRealPath().resolve("app"));
    state = Files.createDirectories(folder.toRealPath().resolve("state"));
    artifacts = new StagedArtifacts(state);
  }

  @Test
  void classesLoadLateFromTheCopyOfAJarThatWasOverwritten() throws Exception {
    Path library = jar("lib/late.jar", Map.of(), Map.of("Late", LATE));
    Path jar =
        jar(
            "app.jar",
            Map.of("Main-Class", "Main", "Class-Path", "lib/late.jar missing.jar"),
            Map.of("Main", MAIN));
    Staged staged = artifacts.stage("web", 1, launch(Jars.java(), "-jar", "app.jar"));

    Process process = start(staged.launch());
    try (BufferedReader output = process.inputReader()) {
      assertEquals("started", output.readLine());
      Files.writeString(jar, "overwritten in place");
      Files.writeString(library, "overwritten in place");
      process.getOutputStream().close();
      assertEquals("the old code", output.readLine());
    }
    assertEquals(0, process.waitFor());
    assertEquals(2, staged.files());
  }

  @Test
  void classPathIsCopiedWithItsWildcardsAndDirectories() throws Exception {
    Path classes = new Jars(folder).compile(Map.of("Main", MAIN)).toRealPath();
    jar("elsewhere/late-1.jar", Map.of(), Map.of("Late", LATE));
    Files.createDirectories(app.resolve("lib"));
    Files.createSymbolicLink(app.resolve("lib/late.jar"), app.resolve("elsewhere/late-1.jar"));
    Files.writeString(app.resolve("lib/notes.txt"), "not on the class path");

    Staged staged =
        artifacts.stage(
            "web", 2, launch(Jars.java(), "-cp", "lib/*:" + classes + ":none.jar", "Main"));
    delete(classes);
    delete(app.resolve("lib"));
    delete(app.resolve("elsewhere"));

    assertEquals("started\nthe old code\n", outputOf(staged.launch()));
    assertEquals(
        copy(1, app.resolve("lib/*")) + ":" + copy(1, classes) + ":none.jar",
        staged.launch().command().get(2));
  }

  @Test
  void linkIsResolvedWhenItIsStaged() throws Exception {
    for (String version : List.of("1", "2")) {
      String late = LATE.replace("the old code", "release " + version);
      jar("releases/" + version + "/late.jar", Map.of(), Map.of("Late", late));
      jar(
          "releases/" + version + "/app.jar",
          Map.of("Main-Class", "Main", "Class-Path", "late.jar"),
          Map.of("Main", MAIN));
    }
    Path current = Files.createSymbolicLink(app.resolve("current"), Path.of("releases/1"));
    Launch launch = launch(Jars.java(), "-jar", "current/app.jar");
    Staged first = artifacts.stage("web", 1, launch);
    Files.delete(current);
    Files.createSymbolicLink(current, Path.of("releases/2"));

    Staged second = artifacts.stage("web", 2, launch);

    assertEquals("started\nrelease 1\n", outputOf(first.launch()));
    assertEquals("started\nrelease 2\n", outputOf(second.launch()));
  }

  @Test
  void versionIsTheManifestsAndAHashOfTheContent() throws Exception {
    Map<String, String> manifest =
        Map.of("Main-Class", "Main", "Implementation-Version", "1.4 beta");
    jar("app.jar", manifest, Map.of("Main", MAIN));
    Launch launch = launch(Jars.java(), "-jar", "app.jar");

    String first = version(1, launch);
    String same = version(2, launch);
    Files.write(app.resolve("app.jar"), new byte[1], StandardOpenOption.APPEND);
    String other = version(3, launch);

    assertTrue(first.matches("1\\.4_beta\\+[0-9a-f]{12}"), first);
    assertEquals(first, same);
    assertNotEquals(first, other);
  }

  @Test
  void ofAScriptOnlyWhatIsListedIsCopiedAndItsMentionsAreLedThere() throws Exception {
    Path script = Files.writeString(app.resolve("run.sh"), "#!/bin/sh\ncat $CONFIG \"$1\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(app.resolve("conf"), "of the old\n");
    Launch launch =
        new Launch(
            ImmutableList.of("./run.sh", app + "/conf"),
            app.toString(),
            ImmutableMap.of("CONFIG", app + "/conf", "OTHER", app + "/conf.d:x" + app + "/conf"),
            "",
            "",
            ImmutableList.of("-javaagent:" + app + "/conf=a,b", "-Dx=" + app + "/conf,conf"),
            "",
            new Staging(true, ImmutableList.of(app + "/conf", "run.sh")));

    Launch staged = artifacts.stage("web", 1, launch).launch();
    Files.writeString(app.resolve("conf"), "of the new\n");
    Files.writeString(script, "exit 1");

    String conf = copy(1, app.resolve("conf"));
    assertEquals("of the old\nof the old\n", outputOf(staged));
    assertEquals(
        List.of("-javaagent:" + conf + "=a,b", "-Dx=" + conf + ",conf"), staged.jvmOptions());
    assertEquals(launch.environment().get("OTHER"), staged.environment().get("OTHER"));
    assertEquals(launch.directory(), staged.directory());
  }

  @Test
  void nothingToCopyLeavesTheLaunchAsItIs() throws IOException {
    Launch launch = launch("sh", "-c", "true");

    assertEquals(new Staged(launch, 0, 0), artifacts.stage("web", 1, launch));
    assertEquals("", artifacts.version("web", 1, launch));
  }

  @Test
  void directoryIsCopiedWithWhatItsLinksLeadToAndNothingSpecial() throws Exception {
    Path tree = Files.createDirectories(app.resolve("tree/sub"));
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "content");
    Files.createSymbolicLink(tree.resolve("link"), elsewhere);
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("r-xrwxrwx"));
    assertEquals(
        0, new ProcessBuilder("mkfifo", app.resolve("tree/pipe").toString()).start().waitFor());

    Staged staged = artifacts.stage("web", 1, paths("tree"));

    Path copied = Path.of(copy(1, app.resolve("tree")));
    assertEquals(1, staged.files());
    assertEquals(7, staged.bytes());
    assertTrue(Files.isRegularFile(copied.resolve("sub/link"), LinkOption.NOFOLLOW_LINKS));
    assertEquals(
        "rwxr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(copied.resolve("sub"))));
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void stateDirectoryItselfIsNeverCopied() throws Exception {
    Files.writeString(folder.resolve("file"), "x");
    Launch launch =
        new Launch(
            ImmutableList.of("sh"),
            folder.toString(),
            ImmutableMap.of(),
            "",
            "",
            ImmutableList.of(),
            "",
            new Staging(false, ImmutableList.of(".")));
    artifacts.stage("web", 1, launch);

    assertEquals(1, artifacts.stage("web", 2, launch).files());
  }

  @Test
  void failureLeavesNothingAndSaysWhat() throws Exception {
    Files.writeString(app.resolve("good"), "x");

    ResourceException missing =
        assertThrows(
            ResourceException.class, () -> artifacts.stage("web", 1, paths("good", "missing")));
    ResourceException tooMuch =
        assertThrows(ResourceException.class, () -> artifacts.stage("web", 1, paths("/")));

    assertEquals(
        "cannot stage web g1: no such file: "
            + app.resolve("missing")
            + "; make it readable and see that there is space, or switch staging off",
        missing.getMessage());
    assertEquals(
        "cannot stage web g1: / is the whole host; name only what the service runs on, or switch"
            + " staging off",
        tooMuch.getMessage());
    assertEquals(List.of(), names(state.resolve("web/staged")));
  }

  @Test
  void circleOfLinksIsAnError() throws Exception {
    Files.createDirectories(app.resolve("tree"));
    Files.createSymbolicLink(app.resolve("tree/again"), app.resolve("tree"));

    ResourceException failed =
        assertThrows(ResourceException.class, () -> artifacts.stage("web", 1, paths("tree")));

    assertTrue(String.valueOf(failed.getMessage()).contains("FileSystemLoop"), failed.getMessage());
  }

  @Test
  void onlyWhatIsWantedIsKept() throws Exception {
    Files.writeString(app.resolve("file"), "x");
    for (int generation = 1; generation <= 3; generation++) {
      artifacts.stage("web", generation, paths("file"));
      artifacts.stage("api", generation, paths("file"));
    }

    artifacts.drop("web", 3);
    artifacts.dropAllExcept(Map.of("web", Set.of(2)));

    assertEquals(List.of("c1", "g2"), names(state.resolve("web/staged")));
    assertEquals(List.of(), names(state.resolve("api/staged")));
  }

  @Test
  void generationsOfTheSameContentShareACopy() throws Exception {
    Path file = Files.writeString(app.resolve("file"), "x");
    Launch first = artifacts.stage("web", 1, paths("file")).launch();
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));

    Launch second = artifacts.stage("web", 2, paths("file")).launch();
    artifacts.drop("web", 1);

    assertEquals(first, second);
    assertEquals(List.of("c1", "g2"), names(state.resolve("web/staged")));
    assertEquals(copy(1, file), artifacts.copyOf("web", 2) + file.toString());
  }

  @Test
  void whatHasChangedSinceItWasCopiedIsKnown() throws Exception {
    Files.writeString(app.resolve("file"), "the old code");
    artifacts.stage("web", 1, paths("file"));

    assertTrue(artifacts.isUnchanged("web", 1, paths("file")));
    assertFalse(artifacts.isUnchanged("web", 2, paths("file"))); // never copied
    Files.writeString(app.resolve("file"), "the new code");
    assertFalse(artifacts.isUnchanged("web", 1, paths("file")));
    Files.delete(app.resolve("file"));
    assertFalse(artifacts.isUnchanged("web", 1, paths("file")));
  }

  @Test
  void copyOfOtherContentIsNotShared() throws Exception {
    Path tree = Files.createDirectories(app.resolve("tree"));
    Path file = Files.writeString(tree.resolve("file"), "one");
    artifacts.stage("web", 1, paths("tree"));

    // Of the same size and time
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);
    artifacts.stage("web", 2, paths("tree"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    artifacts.stage("web", 3, paths("tree"));
    Path more = Files.writeString(tree.resolve("more"), "x");
    artifacts.stage("web", 4, paths("tree"));
    Files.delete(more);
    artifacts.drop("web", 3);
    artifacts.stage("web", 5, paths("tree"));

    assertEquals(
        List.of("c1", "c2", "c3", "c4", "g1", "g2", "g4", "g5"),
        names(state.resolve("web/staged")));
    assertEquals("two", Files.readString(Path.of(copy(2, file))));
  }

  @Test
  void whatWasMadeFromACopyGoesWithItUnlessNobodyRunsOnAny() throws Exception {
    Path file = Files.writeString(app.resolve("file"), "one");
    artifacts.stage("web", 1, paths("file"));
    Path archive = StagedArtifacts.archiveOf(Objects.requireNonNull(artifacts.copyOf("web", 1)));
    Files.createDirectories(archive.resolve("..").normalize());
    Files.createFile(archive);

    artifacts.dropAllExcept(Map.of());
    assertEquals(List.of("c1"), names(state.resolve("web/staged")));
    assertEquals(state.resolve("web/archives/c1/startup.jsa"), archive);

    Files.writeString(file, "two");
    artifacts.stage("web", 1, paths("file"));
    assertEquals(List.of("c2", "g1"), names(state.resolve("web/staged")));
    assertEquals(List.of(), names(state.resolve("web/archives")));
  }

  @Test
  void copiesAreForNobodyElseButTheUserOfTheService() throws Exception {
    Assumptions.assumeTrue(RunDirectory.uid() == 0, "only root can become somebody else");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path file = Files.writeString(app.resolve("file"), "x");
    String copied = copy(1, file);

    artifacts.stage("web", 1, paths("file"));
    assertFalse(isReadableByNobody(copied));

    Launch plain = paths("file");
    artifacts.stage(
        "web",
        1,
        new Launch(
            plain.command(),
            plain.directory(),
            plain.environment(),
            "",
            "",
            plain.jvmOptions(),
            "nobody",
            plain.staging()));
    assertTrue(isReadableByNobody(copied));
  }

  private String version(int generation, Launch launch) throws IOException {
    Launch staged = artifacts.stage("web", generation, launch).launch();
    return artifacts.version("web", generation, staged);
  }

  private static boolean isReadableByNobody(String file) throws Exception {
    return new ProcessBuilder(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "test", "-r", file)
            .start()
            .waitFor()
        == 0;
  }

  private Path jar(String name, Map<String, String> manifest, Map<String, String> sources)
      throws IOException {
    return new Jars(folder).make(app.resolve(name), manifest, sources);
  }

  private Launch launch(String... command) {
    return withStaging(Staging.AUTO, command);
  }

  private Launch paths(String... paths) {
    return withStaging(new Staging(true, ImmutableList.copyOf(paths)), "sh");
  }

  private Launch withStaging(Staging staging, String... command) {
    return new Launch(
        ImmutableList.copyOf(command),
        app.toString(),
        ImmutableMap.of(),
        "",
        "",
        ImmutableList.of(),
        "",
        staging);
  }

  private String copy(int number, Path original) {
    return state + "/web/staged/c" + number + original;
  }

  private static Process start(Launch launch) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(launch.command());
    builder.environment().putAll(launch.environment());
    return builder
        .directory(Path.of(launch.directory()).toFile())
        .redirectErrorStream(true)
        .start();
  }

  private static String outputOf(Launch launch) throws Exception {
    Process process = start(launch);
    process.getOutputStream().close();
    try (var output = process.getInputStream()) {
      return new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(one -> one.getFileName().toString()).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
