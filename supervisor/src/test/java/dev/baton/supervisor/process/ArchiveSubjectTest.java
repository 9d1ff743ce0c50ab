package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What there can be a class-data archive of, and what decides whether it is the same. */
final class ArchiveSubjectTest {
  private static final String JAVA = System.getProperty("java.home") + "/bin/java";

  @TempDir private Path copy = Path.of("");
  private String jar = "";

  @BeforeEach
  void makeJar() throws IOException {
    jar = Files.createFile(copy.resolve("app.jar")).toString();
  }

  private @Nullable ArchiveSubject of(Map<String, String> environment, String... words)
      throws Exception {
    return of(bootPath("of 1 KiB"), environment, words);
  }

  private @Nullable ArchiveSubject of(
      BootPath bootPath, Map<String, String> environment, String... words) throws Exception {
    return ArchiveSubject.of(Launch.of(ImmutableList.copyOf(words)), copy, environment, bootPath);
  }

  private static BootPath bootPath(String identity) {
    return new BootPath(ImmutableList.of("-Xbootclasspath/a:/lib/boot.jar"), identity);
  }

  @Test
  void isMadeWithTheOptionsThatCountAndNoOther() throws Exception {
    ArchiveSubject subject =
        of(
            Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC"),
            JAVA,
            "-Xmx64m",
            "-javaagent:/opt/agent.jar",
            "-Dport=1",
            "-jar",
            jar,
            "-Xms1m");

    assertNotNull(subject);
    Path java = Path.of(JAVA).toRealPath();
    assertEquals(
        List.of(
            java.toString(),
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-Xbootclasspath/a:/lib/boot.jar",
            "-Xshare:dump",
            "-XX:SharedClassListFile=/x/list",
            "-XX:SharedArchiveFile=/x/made",
            "-cp",
            jar),
        subject.dump(Path.of("/x/list"), Path.of("/x/made")));
  }

  @Test
  void isAnotherForOtherOptionsOrAnotherClassPath() throws Exception {
    Files.createFile(copy.resolve("more.jar"));
    String one = key(of(Map.of(), JAVA, "-cp", jar, "Main"));

    assertEquals(one, key(of(Map.of(), JAVA, "-cp", jar, "Main", "--other=argument")));
    assertNotEquals(one, key(of(Map.of(), JAVA, "-Xmx1g", "-cp", jar, "Main")));
    assertNotEquals(one, key(of(Map.of(), JAVA, "-cp", jar, "-Xmx1g", "Main")));
    assertNotEquals(one, key(of(Map.of("JDK_JAVA_OPTIONS", "-Xmx1g"), JAVA, "-cp", jar, "Main")));
    assertNotEquals(one, key(of(Map.of(), JAVA, "-cp", jar + ":" + copy + "/more.jar", "Main")));
    assertNotEquals(one, key(of(bootPath("of 2 KiB"), Map.of(), JAVA, "-cp", jar, "Main")));
  }

  private static String key(@Nullable ArchiveSubject subject) {
    assertNotNull(subject);
    return subject.key();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xshare:off",
        "-XX:SharedArchiveFile=/own.jsa",
        "-XX:AOTCache=app.aot",
        "--patch-module=a=b",
        "-Xbootclasspath/a:/own.jar",
        "@options"
      })
  void isNoneForWhoHasHisOwnOrCannot(String option) throws Exception {
    assertNull(of(Map.of(), JAVA, "-cp", jar, option, "Main"));
    if (!option.startsWith("@")) {
      assertNull(of(Map.of("JAVA_TOOL_OPTIONS", option), JAVA, "-cp", jar, "Main"));
    }
  }

  @Test
  void isNoneOfWhatIsNoCopyOrNoJar() throws Exception {
    Path classes = Files.createDirectory(copy.resolve("classes"));
    assertNull(of(Map.of(), JAVA, "-cp", jar + ":" + classes, "Main"));
    assertNull(of(Map.of(), JAVA, "-cp", jar + ":/elsewhere.jar", "Main"));
    assertNull(of(Map.of(), JAVA, "-cp", jar, "-m", "app/Main"));
    assertNull(of(Map.of(), JAVA, "Main"));
    assertNull(of(Map.of(), "sh", "run.sh"));
  }
}
