package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A file system of half a megabyte, in memory. A test that may not mount one is skipped. */
record SmallDisk(Path folder) implements AutoCloseable {
  private static final int CHUNK = 4096;

  static SmallDisk mount(Path folder) throws IOException {
    Files.createDirectories(folder);
    int exit = run("mount", "-t", "tmpfs", "-o", "size=512k", "baton-test", folder.toString());
    Assumptions.assumeTrue(exit == 0, "this user may not mount a file system");
    return new SmallDisk(folder);
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  /** Leaves no room. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (folder.toFile().getUsableSpace() > 0) {
        out.write(new byte[CHUNK]);
      }
    } catch (IOException e) {
      // Full.
    }
    assertEquals(0, folder.toFile().getUsableSpace());
  }

  /** Makes room again. */
  void free() throws IOException {
    Files.delete(filler());
  }

  /** At once for new users, and for good when the last one is gone. */
  @Override
  public void close() throws IOException {
    assertEquals(0, run("umount", "-l", folder.toString()));
  }

  private static int run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return process.exitValue();
  }
}
