package dev.baton.supervisor.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.supervisor.config.Rotation;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that are full or read-only, and directories of others: in a process with a small disk of
 * its own, and without root's right to everything, so that nothing on this host is touched.
 */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class LogTroubleTest {
  private static final String SMALL_DISK =
      "mount -t tmpfs -o size=64k tmpfs \"$0\""
          + " && exec setpriv --bounding-set -dac_override,-dac_read_search \"$@\"";

  @TempDir private Path folder = Path.of("");

  @Test
  void writingResumesWhenThereIsSpaceAgain() throws Exception {
    assertEquals(
        List.of(
            "cannot write to DISK/web.log: no space left on the device; free some",
            "the last line is: written again"),
        tell("full"));
  }

  @Test
  void archiveStaysWhenThereIsNoSpaceToCompressIt() throws Exception {
    assertEquals(
        List.of(
            "cannot compress DISK/web.log-20261125T041805.000Z: no space left on the device; free"
                + " some",
            "[DISK/filler, DISK/web.log-20261125T041805.000Z]"),
        tell("compress"));
  }

  @Test
  void readOnlyDiskIsNamedAsSuch() throws Exception {
    assertEquals(
        List.of(
            "cannot rotate DISK/web.log: its file system is read-only; remount it, or choose"
                + " another path",
            "cannot log to DISK/web.log: its file system is read-only; remount it, or choose"
                + " another path",
            "cannot log to DISK/logs/web.log: its file system is read-only; remount it, or choose"
                + " another path"),
        tell("read-only"));
  }

  @Test
  void whatMayNotBeWrittenToIsNamed() throws Exception {
    assertEquals(
        List.of(
            "cannot log to DISK/locked/web.log: permission denied; check the owner and mode of"
                + " DISK/locked",
            "cannot log to DISK/locked/a/b/web.log: permission denied; check the owner and mode of"
                + " DISK/locked",
            "cannot log to DISK/file.log: permission denied; check the owner and mode of"
                + " DISK/file.log",
            "cannot rotate DISK/locked/old.log: permission denied; check the owner and mode of"
                + " DISK/locked"),
        tell("permission"));
  }

  /** What the other process says. */
  private List<String> tell(String trouble) throws Exception {
    assumeTrue(isPossible(), "no mount namespaces for us on this host");
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String opened : List.of("java.base/sun.nio.ch", "java.base/java.io")) {
      Collections.addAll(java, "--add-opens", opened + "=ALL-UNNAMED");
    }
    Collections.addAll(java, "-cp", System.getProperty("java.class.path"));
    Collections.addAll(java, Troubled.class.getName(), trouble, folder.toString());
    return run(java);
  }

  private boolean isPossible() throws InterruptedException {
    try {
      return run(List.of("true")).isEmpty();
    } catch (IOException e) {
      return false; // no such command
    }
  }

  private List<String> run(List<String> command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    Collections.addAll(all, "unshare", "-rm", "sh", "-c", SMALL_DISK, folder.toString());
    all.addAll(command);
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output.replace(folder.toString(), "DISK").lines().toList();
  }

  /** The other process: gets into trouble. */
  static final class Troubled {
    private Troubled() {}

    public static void main(String[] args) throws Exception {
      Path disk = Path.of(args[1]);
      Path log = disk.resolve("web.log");
      switch (args[0]) {
        case "full" -> {
          try (HeldLog held = HeldLog.open(log)) {
            Path filler = fill(disk);
            say(() -> appendForEver(held));
            Files.delete(filler);
            held.append("\nwritten again");
          }
          List<String> lines = Files.readAllLines(log);
          System.out.println("the last line is: " + lines.get(lines.size() - 1));
        }
        case "compress" -> {
          byte[] noise = new byte[20_000];
          new Random(1).nextBytes(noise);
          Files.write(log, noise);
          LogArchives archives = new LogArchives(log, Rotation.DEFAULT);
          Path archive = archives.retire(Instant.parse("2026-11-25T04:18:05Z"));
          fill(disk);
          say(() -> archives.compress(archive));
          try (Stream<Path> all = Files.list(disk)) {
            System.out.println(all.sorted().toList());
          }
        }
        case "read-only" -> {
          Files.writeString(log, "");
          new ProcessBuilder("mount", "-o", "remount,ro", args[1]).inheritIO().start().waitFor();
          say(() -> new LogArchives(log, Rotation.DEFAULT).retire(Instant.now()));
          say(() -> HeldLog.open(log).close());
          say(() -> HeldLog.open(disk.resolve("logs/web.log")).close());
        }
        default -> {
          Path locked = Files.createDirectory(disk.resolve("locked"));
          Path old = Files.createFile(locked.resolve("old.log"));
          Path file = Files.createFile(disk.resolve("file.log"));
          new ProcessBuilder("chmod", "a-w", locked.toString(), file.toString()).start().waitFor();
          say(() -> HeldLog.open(locked.resolve("web.log")).close());
          say(() -> HeldLog.open(locked.resolve("a/b/web.log")).close());
          say(() -> HeldLog.open(file).close());
          say(() -> new LogArchives(old, Rotation.DEFAULT).retire(Instant.now()));
        }
      }
    }

    private static void appendForEver(HeldLog held) throws IOException {
      while (true) {
        held.append("one line of many");
      }
    }

    private static Path fill(Path disk) throws IOException {
      Path filler = disk.resolve("filler");
      try (HeldLog all = HeldLog.open(filler)) {
        all.append("x".repeat(100_000));
      } catch (ResourceException e) {
        // That was the aim.
      }
      return filler;
    }

    private static void say(Trouble trouble) throws Exception {
      try {
        trouble.make();
        System.out.println("no trouble");
      } catch (ResourceException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** What fails. */
  private interface Trouble {
    void make() throws Exception;
  }
}
