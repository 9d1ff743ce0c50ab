package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Lines of a file that grows, is huge, or is odd. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class LogWatchTest {
  private static final Pattern STARTED = Pattern.compile("Started .* in");

  @TempDir private Path folder = Path.of("");

  private Path file = Path.of("");

  @BeforeEach
  void setUp() {
    file = folder.resolve("w.log");
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private LogWatch watch() {
    return LogWatch.fromTheStart(file, STARTED);
  }

  @Test
  void fileThatIsNotThereYetHasNoLine() throws Exception {
    LogWatch watch = watch();
    assertNull(watch.look());

    write("Started shop in 3 s\n");

    assertEquals("Started shop in 3 s", watch.look());
  }

  @Test
  void lineCountsWhenItIsComplete() throws Exception {
    LogWatch watch = watch();
    write("one\nStarted sh");
    assertNull(watch.look());
    write("op in");
    assertNull(watch.look());
    write(" 3 s\r\ntwo\n");

    assertEquals("Started shop in 3 s", watch.look());
  }

  @Test
  void firstLineThatMatchesIsKept() throws Exception {
    LogWatch watch = watch();
    write("Started a in 1\nStarted b in 2\n");
    assertEquals("Started a in 1", watch.look());
    Files.delete(file);

    assertEquals("Started a in 1", watch.look());
  }

  @Test
  void patternDoesNotMatchAcrossLines() throws Exception {
    LogWatch watch = watch();
    write("Started \nshop in\n");

    assertNull(watch.look());
  }

  @Test
  void characterThatIsWrittenInTwoPartsIsRead() throws Exception {
    LogWatch watch = LogWatch.fromTheStart(file, Pattern.compile("^gr\u00fcn$"));
    Files.write(file, new byte[] {'g', 'r', (byte) 0xc3});
    assertNull(watch.look());
    Files.write(file, new byte[] {(byte) 0xbc, 'n', '\n'}, StandardOpenOption.APPEND);

    assertEquals("gr\u00fcn", watch.look());
  }

  @Test
  void ofALongLineTheBeginningCounts() throws Exception {
    LogWatch watch = watch();
    write("x".repeat(100_000) + "Started shop in\n");
    assertNull(watch.look());
    write("Started " + "x".repeat(1000) + " in" + "x".repeat(100_000) + "\n");

    assertEquals(200, Objects.requireNonNull(watch.look()).length());
  }

  @Test
  void lineAfterAChunkThatEndsWithAHalfLineIsFound() throws Exception {
    LogWatch watch = watch();
    write("0123456789abcde\n".repeat(1023) + "01234567\nStarted shop in 3 s\n");

    assertEquals("Started shop in 3 s", watch.look());
  }

  @Test
  void fileThatWasTruncatedIsReadFromItsStart() throws Exception {
    LogWatch watch = watch();
    write("a long line\nand a half");
    assertNull(watch.look());
    Files.writeString(file, "Started x in\n");

    assertEquals("Started x in", watch.look());
  }

  @Test
  void nothingIsReadTwice() throws Exception {
    long length = 1L << 28;
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(length);
    }
    LogWatch watch = watch();
    while (watch.position() < length) { // each look reads for a bounded time
      assertNull(watch.look());
    }
    write("\nStarted shop in 3 s\n");

    long before = bytesReadByThisProcess();
    assertEquals("Started shop in 3 s", watch.look());
    long read = bytesReadByThisProcess() - before;

    assertTrue(read < 1 << 20, () -> read + " bytes read");
  }

  private static long bytesReadByThisProcess() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar:"))
        .mapToLong(line -> Long.parseLong(line.substring("rchar:".length()).trim()))
        .sum();
  }

  @Test
  void lineThatIsTooMuchForTheMatcherIsReportedAndLeftBehind() throws Exception {
    LogWatch watch =
        LogWatch.fromTheStart(file, Pattern.compile("(.*)(.*)(.*)\\1\\2\\3!|Started .* in"));
    write("a".repeat(16_000) + "\nStarted shop in 3 s\n");

    IOException e = assertThrows(IOException.class, watch::look);

    assertTrue(String.valueOf(e.getMessage()).contains("takes too long"), e.getMessage());
    assertEquals("Started shop in 3 s", watch.look());
  }
}
