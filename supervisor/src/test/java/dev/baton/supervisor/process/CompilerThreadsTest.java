package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compilers are told from other threads, and a new one from an old one. */
final class CompilerThreadsTest {
  @TempDir private Path folder = Path.of("");

  private void thread(int id, String name, long nanos) throws IOException {
    thread(id, name, nanos, 0);
  }

  private void thread(int id, String name, long nanos, long waited) throws IOException {
    Path thread = Files.createDirectories(folder.resolve(Integer.toString(id)));
    Files.writeString(thread.resolve("comm"), name + "\n");
    Files.writeString(thread.resolve("schedstat"), nanos + " " + waited + " 6\n");
  }

  @Test
  void onlyWhatCompilersHaveWorkedSinceCounts() throws IOException {
    thread(1, "main", 1000);
    thread(2, "C2 CompilerThre", 100);
    thread(3, "C1 CompilerThre", 10);
    CompilerThreads threads = new CompilerThreads(folder);

    assertEquals(110, threads.nanosSinceLastTime());
    assertEquals(0, threads.nanosSinceLastTime());
    thread(1, "main", 2000);
    thread(2, "C2 CompilerThre", 107);
    thread(4, "C2 CompilerThre", 3);
    assertEquals(10, threads.nanosSinceLastTime());
  }

  @Test
  void oneThatWaitsForItsTurnIsNotIdle() throws IOException {
    thread(2, "C2 CompilerThre", 100, 1000);
    CompilerThreads threads = new CompilerThreads(folder);

    assertEquals(1100, threads.nanosSinceLastTime());
    thread(2, "C2 CompilerThre", 100, 1500);
    assertEquals(500, threads.nanosSinceLastTime());
  }

  @Test
  void hostThatDoesNotTellHasNone() throws IOException {
    thread(2, "C2 CompilerThre", 100);
    Files.delete(folder.resolve("2").resolve("schedstat"));

    assertEquals(0, new CompilerThreads(folder).nanosSinceLastTime());
    assertEquals(0, new CompilerThreads(folder.resolve("gone")).nanosSinceLastTime());
  }

  @Test
  void thisJvmHasCompiled() {
    assertTrue(new CompilerThreads(ProcessHandle.current().pid()).nanosSinceLastTime() > 0);
  }
}
