package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.core.WorkerId;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvidenceTest {
  private static final WorkerId WORKER = new WorkerId("web", 3, 0, 2);

  @TempDir private Path state = Path.of("");

  @Test
  void folderIsCalledAfterItsWorker() {
    Path folder = new Evidence(state).folder(WORKER, 4711);

    assertEquals(state.resolve("web/evidence/g3-0-2-pid4711"), folder);
    assertFalse(Files.exists(folder));
  }

  @Test
  void fileOfBeforeIsReplacedAndForNobodyElse() throws Exception {
    Evidence evidence = new Evidence(state);
    Path folder = evidence.folder(WORKER, 1);
    evidence.open(folder, "asked.txt").close();
    Files.writeString(folder.resolve("asked.txt"), "old");

    evidence.open(folder, "asked.txt").close();

    assertEquals("", Files.readString(folder.resolve("asked.txt")));
    assertEquals("rw-------", permissions(folder.resolve("asked.txt")));
    assertEquals("rwx------", permissions(folder));
  }

  @Test
  void whatTheDeadHaveLeftIsTaken() throws Exception {
    Evidence evidence = new Evidence(state);
    Path crashes = Crashes.make(state, "web", -1);
    long dead = deadPid();
    Path left = Files.writeString(crashes.resolve("hs_err_pid" + dead + ".log"), "SIGSEGV");
    Files.writeString(crashes.resolve("java_pid" + self() + ".hprof"), "being written");
    Files.writeString(crashes.resolve("notes.txt"), "somebody's");
    Files.createSymbolicLink(crashes.resolve("hs_err_pid" + (dead + 1) + ".log"), left);

    assertEquals(List.of(), evidence.left("web", Set.of(dead)), "another worker's");
    assertEquals(List.of(left), evidence.left("web", Set.of()));
    evidence.take(left, evidence.folder(WORKER, dead));

    Path taken = evidence.folder(WORKER, dead).resolve(left.getFileName());
    assertEquals("SIGSEGV", Files.readString(taken));
    assertEquals(List.of(), evidence.left("web", Set.of()));
    assertEquals(List.of(), evidence.left("api", Set.of()));
  }

  @Test
  void oldestFoldersAndHeapDumpsAreForgotten() throws Exception {
    Evidence evidence = new Evidence(state);
    for (int i = 0; i < 12; i++) {
      Path folder = evidence.folder(WORKER, i);
      try (FileChannel file = evidence.open(folder, "java_pid" + i + ".hprof")) {
        assertTrue(file.isOpen());
      }
      Files.setLastModifiedTime(folder, FileTime.fromMillis(1000L * i));
    }

    evidence.prune("web", 10);

    try (Stream<Path> all = Files.walk(state.resolve("web/evidence"))) {
      List<String> names = all.map(path -> path.getFileName().toString()).sorted().toList();
      assertEquals(1 + 10 + Evidence.MOST_HEAP_DUMPS, names.size());
      assertTrue(names.contains("java_pid11.hprof"), names.toString());
      assertFalse(names.contains("g3-0-2-pid1"), names.toString());
    }
  }

  @Test
  void userOfTheWorkersMayWriteWhatACrashLeaves() throws Exception {
    Assumptions.assumeTrue(RunDirectory.uid() == 0, "only root can give a folder away");
    Path own = state.resolve("shop");

    Path crashes = Crashes.make(own, "web", 65534);

    assertEquals(65534, Files.getAttribute(crashes, "unix:uid"));
    assertEquals("rwx------", permissions(crashes));
    assertEquals("rwx-----x", permissions(own.resolve("web")));
    assertEquals("rwx-----x", permissions(own));
  }

  private static long self() {
    return ProcessHandle.current().pid();
  }

  private static long deadPid() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
