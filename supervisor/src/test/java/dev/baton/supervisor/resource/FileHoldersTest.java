package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.testing.NothingLeft;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
@Timeout(60)
final class FileHoldersTest {
  private static final long US = ProcessHandle.current().pid();

  @TempDir private Path folder = Path.of("");

  @Test
  void childHoldsAFileUntilItIsGoneWhateverBecomesOfItsPath() throws Exception {
    Path path = folder.resolve("web.log");
    try (HeldLog log = HeldLog.open(path)) {
      Process child =
          new ProcessBuilder("sh", "-c", "read go").redirectOutput(log.redirect()).start();
      assertTrue(FileHolders.isHeld(log.identity(), US));

      Path moved = Files.move(path, folder.resolve("moved"));
      assertTrue(FileHolders.isHeld(log.identity(), US));

      Files.delete(moved);
      assertTrue(FileHolders.isHeld(log.identity(), US));

      child.getOutputStream().close();
      child.waitFor();
      assertFalse(FileHolders.isHeld(log.identity(), US));
    }
  }

  @Test
  void supervisorItselfIsLeftOutOnlyByItsPid() throws Exception {
    HeldLog log = HeldLog.open(folder.resolve("web.log"));
    assertTrue(FileHolders.isHeld(log.identity(), 0));
    assertFalse(FileHolders.isHeld(log.identity(), US));

    log.close();

    assertFalse(FileHolders.isHeld(log.identity(), 0));
  }

  @Test
  void whoReadsTheFileDoesNotHoldIt() throws Exception {
    Path path = folder.resolve("web.log");
    try (HeldLog log = HeldLog.open(path)) {
      Process child =
          new ProcessBuilder("sh", "-c", "exec 3<\"$0\"; echo open; read go", path.toString())
              .start();
      try (BufferedReader output = child.inputReader()) {
        assertEquals("open", output.readLine());

        assertFalse(FileHolders.isHeld(log.identity(), US));
      }
      child.getOutputStream().close();
      child.waitFor();
    }
  }
}
