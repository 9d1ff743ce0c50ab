package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real file, real children that write into it. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class HeldLogTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void fileAndItsDirectoriesAreMadeForUsAndOurGroup() throws Exception {
    Path path = folder.resolve("a/b/web.log");

    HeldLog.open(path).close();

    assertEquals("rwxr-x---", permissions(folder.resolve("a")));
    assertEquals("rwxr-x---", permissions(folder.resolve("a/b")));
    assertEquals("rw-r-----", permissions(path));
  }

  @Test
  void whatIsInTheFileStaysAndIsGoneOnFrom() throws Exception {
    Path path = Files.writeString(folder.resolve("web.log"), "before\n");

    try (HeldLog log = HeldLog.open(path)) {
      log.append("now");

      assertEquals(11, log.bytes());
    }
    assertEquals(List.of("before", "now"), Files.readAllLines(path));
  }

  @Test
  void directoryMayBeALink() throws Exception {
    Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("logs"), Path.of("real"));

    HeldLog.open(link.resolve("web.log")).close();

    assertTrue(Files.exists(folder.resolve("real/web.log")));
  }

  @Test
  void symbolicLinkIsRefusedWhereverItLeads() throws Exception {
    Path path = Files.createSymbolicLink(folder.resolve("web.log"), folder.resolve("none"));

    assertRefused("ELOOP", path, "it is a symbolic link; remove it, or name the file it leads to");
    assertFalse(Files.exists(folder.resolve("none")));
  }

  @Test
  void fifoIsRefusedWithoutWaitingForItsReader() throws Exception {
    Path path = folder.resolve("web.log");
    assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());

    assertRefused(
        "EINVAL",
        path,
        "it is a fifo, and what writes to it waits for what reads it; remove it, or choose another"
            + " path");
  }

  @Test
  void directoryIsRefused() throws Exception {
    Path path = Files.createDirectory(folder.resolve("logs"));

    assertRefused("EISDIR", path, "it is a directory; name a file, such as " + path.resolve("log"));
  }

  @Test
  void socketIsRefused() throws Exception {
    Path path = folder.resolve("web.log");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(path));

      assertRefused("EINVAL", path, "it is a socket; remove it, or choose another path");
    }
  }

  @Test
  void deviceIsRefused() throws Exception {
    assertRefused("EINVAL", Path.of("/dev/null"), "it is a device; name a plain file");
  }

  @Test
  void fileWhereADirectoryIsNeededIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertRefused(
        "ENOTDIR", file.resolve("web.log"), file + " is no directory; choose another path");
    assertRefused(
        "ENOTDIR", file.resolve("a/b/web.log"), file + " is no directory; choose another path");
  }

  @Test
  void identityIsThatOfTheFileWhateverItIsCalled() throws Exception {
    Path path = folder.resolve("web.log");
    try (HeldLog log = HeldLog.open(path)) {
      String expected =
          Files.getAttribute(path, "unix:dev") + ":" + Files.getAttribute(path, "unix:ino");

      assertEquals(expected, log.identity());
    }
  }

  @Test
  void fileThatWasMovedIsWrittenToAndMeasuredWhereItIs() throws Exception {
    Path path = folder.resolve("web.log");
    try (HeldLog log = HeldLog.open(path)) {
      assertTrue(log.isInPlace());

      Path moved = Files.move(path, folder.resolve("moved"));
      log.append("after");

      assertFalse(log.isInPlace());
      assertEquals(6, log.bytes());
      assertEquals("after\n", Files.readString(moved));
    }
  }

  @Test
  void fileThatWasReplacedOrDeletedIsNotInPlace() throws Exception {
    Path path = folder.resolve("web.log");
    try (HeldLog log = HeldLog.open(path)) {
      Files.move(path, folder.resolve("moved"));
      Files.createFile(path);
      assertFalse(log.isInPlace());

      Files.delete(path);
      assertFalse(log.isInPlace());

      Files.createSymbolicLink(path, folder.resolve("moved"));
      assertFalse(log.isInPlace());

      Files.delete(folder.resolve("moved"));
      log.append("nobody will read this");
      assertEquals(22, log.bytes());
    }
  }

  @Test
  void childWritesIntoTheFileThatWasRenamedMeanwhile() throws Exception {
    Path path = folder.resolve("web.log");
    try (HeldLog log = HeldLog.open(path)) {
      log.append("first");
      Path moved = Files.move(path, folder.resolve("moved"));
      Process child =
          new ProcessBuilder("sh", "-c", "echo hello; echo trouble >&2")
              .redirectOutput(log.redirect())
              .redirectErrorStream(true)
              .start();
      assertEquals(0, child.waitFor());
      log.append("last");

      assertEquals(List.of("first", "hello", "trouble", "last"), Files.readAllLines(moved));
      assertFalse(Files.exists(path));
    }
  }

  @Test
  void childMayWriteWhenOurDescriptorIsClosed() throws Exception {
    Path path = folder.resolve("web.log");
    HeldLog log = HeldLog.open(path);
    Process child =
        new ProcessBuilder("sh", "-c", "read go; echo hello")
            .redirectOutput(log.redirect())
            .start();
    log.close();

    child.getOutputStream().close();
    child.waitFor();

    assertEquals("hello\n", Files.readString(path));
  }

  @Test
  void linesOfManyWritersStayWhole() throws Exception {
    Path path = folder.resolve("web.log");
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String line = String.valueOf((char) ('a' + i)).repeat(5000);
      writers.add(new Thread(() -> append(path, line)));
    }
    for (Thread writer : writers) {
      writer.start();
    }
    for (Thread writer : writers) {
      writer.join();
    }

    List<String> lines = Files.readAllLines(path);
    assertEquals(400, lines.size());
    assertEquals(4, new HashSet<>(lines).size());
  }

  private static void append(Path path, String line) {
    try (HeldLog log = HeldLog.open(path)) {
      for (int i = 0; i < 100; i++) {
        log.append(line);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void interruptDoesNotCloseTheFile() throws Exception {
    try (HeldLog log = HeldLog.open(folder.resolve("web.log"))) {
      Thread.currentThread().interrupt();
      log.append("one");
      long bytes = log.bytes();

      assertTrue(Thread.interrupted());
      log.append("two");
      assertEquals(4, bytes);
      assertEquals(8, log.bytes());
    }
  }

  @Test
  void nothingStaysOpen() throws Exception {
    Path path = folder.resolve("web.log");
    HeldLog log = HeldLog.open(path);
    assertEquals(1, descriptorsOf(path));

    log.close();
    log.close();

    assertEquals(0, descriptorsOf(path));
    assertThrows(IOException.class, log::bytes);
    assertThrows(ResourceException.class, () -> log.append("late"));
  }

  private static void assertRefused(String errno, Path path, String why) {
    ResourceException e = assertThrows(ResourceException.class, () -> HeldLog.open(path));
    assertEquals("cannot log to " + path + ": " + why, e.getMessage());
    assertEquals(errno, e.errno());
  }

  private static long descriptorsOf(Path path) throws IOException {
    String identity = FileIdentity.of(path);
    long count = 0;
    try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path one : all) {
        if (Files.exists(one) && FileIdentity.of(one).equals(identity)) {
          count++;
        }
      }
    }
    return count;
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, NOFOLLOW_LINKS));
  }
}
