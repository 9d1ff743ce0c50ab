package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.cli.Finding.Verdict;
import dev.baton.testing.NothingLeft;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The self-test on this very machine. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class DoctorCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void thisMachineIsFit() {
    StringWriter out = new StringWriter();

    int exit = Main.commandLine().setOut(new PrintWriter(out)).execute("doctor");

    assertEquals(0, exit, out.toString());
    assertEquals(14, out.toString().lines().count(), out.toString());
    assertTrue(out.toString().lines().allMatch(l -> l.matches("(ok  |warn)  .*")), out.toString());
  }

  @Test
  void programGetsObjects() {
    StringWriter out = new StringWriter();

    int exit = Main.commandLine().setOut(new PrintWriter(out)).execute("doctor", "--json");

    assertEquals(0, exit, out.toString());
    assertTrue(
        out.toString().lines().allMatch(l -> l.matches("\\{\"check\": .*\"advice\": .*}")),
        out.toString());
  }

  @Test
  void listenerIsPassedAndSwitchedForReal() throws Exception {
    assertEquals(Verdict.OK, HostTrials.nativeLibrary().verdict());
    assertEquals(Verdict.OK, HostTrials.descriptors().verdict());
    assertEquals(Verdict.OK, HostTrials.exchange().verdict());
  }

  @Test
  void directoriesAreTriedAndLeftAsTheyWere() throws Exception {
    Map<String, String> environment = environment(folder);

    assertEquals(Verdict.OK, HostTrials.runDirectory(environment).verdict());
    assertEquals(Verdict.OK, HostTrials.stateDirectory(environment).verdict());

    assertEquals(List.of(), files(folder));
  }

  @Test
  void directoriesThatAreNotThereAreNotMade() throws Exception {
    Map<String, String> environment = environment(folder.resolve("not/there"));

    assertEquals(Verdict.OK, HostTrials.runDirectory(environment).verdict());
    assertEquals(Verdict.OK, HostTrials.stateDirectory(environment).verdict());

    assertEquals(List.of(), files(folder));
  }

  @Test
  void directoryThatCannotBeMadeIsAFailureWithAWayOut() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Map<String, String> environment = environment(file.resolve("run"));

    Finding run = HostTrials.runDirectory(environment);
    Finding state = HostTrials.stateDirectory(environment);

    assertTrue(run.isFailure());
    assertTrue(run.advice().contains("BATON_RUNTIME_DIR"), run.advice());
    assertTrue(state.isFailure());
    assertTrue(state.advice().contains("BATON_STATE_DIR"), state.advice());
  }

  @Test
  void directoryThatIsTooLongIsAFailureNotAStackTrace() throws Exception {
    Path deep = folder.resolve("x".repeat(100));

    assertTrue(HostTrials.socketPaths(environment(deep)).isFailure());
  }

  @Test
  void checkThatBreaksIsAFailureLikeAnyOther() throws Exception {
    Finding io =
        DoctorCommand.run(
            "descriptors",
            () -> {
              throw new IOException("no space left");
            });
    Finding error =
        DoctorCommand.run(
            "native library",
            () -> {
              throw new UnsatisfiedLinkError("no such library");
            });

    assertEquals("no space left", io.found());
    assertFalse(io.advice().isEmpty());
    assertTrue(error.isFailure());
    assertTrue(error.found().contains("no such library"), error.found());
  }

  @Test
  void checkThatHangsIsGivenUp() throws Exception {
    CountDownLatch never = new CountDownLatch(1);

    Finding finding =
        DoctorCommand.run(
            "switch",
            () -> {
              never.await();
              return Finding.ok("switch", "");
            });

    assertTrue(finding.isFailure());
    assertEquals("no answer in 5 s", finding.found());
  }

  private static Map<String, String> environment(Path base) {
    return Map.of("BATON_RUNTIME_DIR", base.toString(), "BATON_STATE_DIR", base.toString());
  }

  private static List<String> files(Path folder) {
    return List.of(Objects.requireNonNull(new File(folder.toString()).list()));
  }
}
