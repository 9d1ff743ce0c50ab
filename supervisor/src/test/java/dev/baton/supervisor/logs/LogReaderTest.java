package dev.baton.supervisor.logs;

import static dev.baton.supervisor.logs.Written.append;
import static dev.baton.supervisor.logs.Written.archive;
import static dev.baton.supervisor.logs.Written.compress;
import static dev.baton.supervisor.logs.Written.mark;
import static dev.baton.supervisor.logs.Written.rotate;
import static dev.baton.supervisor.logs.Written.untouchedSince;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baton.testing.NothingLeft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.ZipException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in logs and their archives, and the lines of it that are asked for. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class LogReaderTest {
  private static final LogQuery ALL = new LogQuery(LogQuery.ALL, 0, null, true);

  @TempDir private Path folder = Path.of("");

  private Path log = Path.of("");

  @BeforeEach
  void path() {
    log = folder.resolve("web.log");
  }

  // All of it

  @Test
  void archivesComeFirstTheOldestBeforeAll() throws Exception {
    threeFiles();

    assertEquals("1\n2\n3\n4\n5\n6\n", show(ALL));
  }

  @Test
  void ofTwoFormsOfAnArchiveOneIsRead() throws Exception {
    append(log, "1\n");
    Path archive = rotate(log, "10");
    byte[] before = Files.readAllBytes(archive);
    compress(archive);
    Files.write(archive, before);

    assertEquals("1\n", show(ALL));
  }

  @Test
  void filesWithOtherNamesAreNone() throws Exception {
    append(log, "1\n");
    append(folder.resolve("web.log-20261125"), "x\n");
    append(folder.resolve("web.log-20261125T041000.000Z.gz.tmp"), "x\n");
    append(folder.resolve("web-access.log"), "x\n");
    append(folder.resolve("xweb.log"), "x\n");

    assertEquals("1\n", show(ALL));
  }

  @Test
  void archiveOfTheSameSizeAsTheLogIsAnother() throws Exception {
    append(log, "1\n");
    compress(rotate(log, "10"));
    append(log, "2\n");

    assertEquals("1\n2\n", show(ALL));
  }

  @Test
  void lineThatBeginsInOneFileEndsInTheNext() throws Exception {
    append(log, "abc");
    rotate(log, "10");
    append(log, "def\nrest");

    assertEquals("abcdef\nrest", show(ALL));
  }

  @Test
  void bytesAreWhatTheyAre() throws Exception {
    byte[] bytes = new byte[200_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Files.write(log, bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    LogReader.show(place(), ALL, out);

    assertArrayEquals(bytes, out.toByteArray());
  }

  @Test
  void lineLongerThanAnyBufferIsWhole() throws Exception {
    String line = "x".repeat(200_000) + "\n";
    append(log, mark("01", "web.g1/0", "starting") + line + mark("02", "web.g1/0", "gone") + line);

    assertEquals(line + line, show(new LogQuery(LogQuery.ALL, 0, null, false)));
    assertEquals(line, show(new LogQuery(1, 0, null, true)));
  }

  @Test
  void marksCanBeLeftOut() throws Exception {
    append(
        log, "1\n" + mark("01", "web.g1/0", "serving") + "2\n === baton\n=== baton lookalike\n3");

    assertEquals("1\n2\n === baton\n3", show(new LogQuery(LogQuery.ALL, 0, null, false)));
  }

  // What cannot be read

  @Test
  void brokenArchiveIsLeftOut() throws Exception {
    Files.writeString(folder.resolve("web.log-20261125T041000.000Z.gz"), "no gzip");
    append(log, "1\n");

    assertEquals("1\n", show(ALL));
    assertEquals("1\n", show(new LogQuery(5, 0, null, true)));
  }

  @Test
  void nothingButABrokenArchiveIsAFailure() throws Exception {
    Files.writeString(folder.resolve("web.log-20261125T041000.000Z.gz"), "no gzip");

    assertThrows(ZipException.class, () -> show(ALL));
  }

  @Test
  void logThatIsNotThereIsAFailure() {
    NoSuchFileException problem = assertThrows(NoSuchFileException.class, () -> show(ALL));

    assertEquals(log.toString(), problem.getMessage());
  }

  @Test
  void whatIsNoFileIsNotRead() throws Exception {
    Files.createSymbolicLink(log, append(folder.resolve("secret"), "x\n"));

    assertThrows(NoSuchFileException.class, () -> show(ALL));
  }

  // The last lines

  @ParameterizedTest
  @CsvSource({"0,''", "1,6", "2,5 6", "3,4 5 6", "5,2 3 4 5 6", "6,1 2 3 4 5 6", "7,1 2 3 4 5 6"})
  void lastLinesAreTakenFromArchivesToo(long most, String expected) throws Exception {
    threeFiles();

    assertEquals(expected, show(new LogQuery(most, 0, null, true)).trim().replace('\n', ' '));
  }

  @Test
  void lastLineNeedNotBeComplete() throws Exception {
    append(log, "1\n2\n3");

    assertEquals("2\n3", show(new LogQuery(2, 0, null, true)));
  }

  @Test
  void emptyLinesAreLines() throws Exception {
    append(log, "1\n\n\n");

    assertEquals("\n\n", show(new LogQuery(2, 0, null, true)));
  }

  @Test
  void marksThatAreLeftOutDoNotCount() throws Exception {
    append(log, "1\n2\n" + mark("01", "web.g1/0", "serving") + "3\n");

    assertEquals("2\n3\n", show(new LogQuery(2, 0, null, false)));
    assertEquals(2, show(new LogQuery(2, 0, null, true)).lines().count());
  }

  @ParameterizedTest
  @CsvSource({"1", "999", "1000", "5000", "30000"})
  void lastLinesOfAFileOfManyBlocks(int most) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 30_000; i++) {
      text.append("line ").append(i).append('\n');
      if (i % 100 == 0) {
        text.append(mark("01", "web.g1/0", "serving"));
      }
    }
    append(log, text.toString());

    String last = show(new LogQuery(most, 0, null, false));

    assertEquals(most, last.lines().count());
    assertEquals("line " + (30_001 - most), last.lines().findFirst().orElseThrow());
  }

  // Generations

  @Test
  void generationIsFromItsFirstMarkToTheLastOfItsWorkers() throws Exception {
    append(log, mark("01", "web.g1/0", "starting") + "a\n" + mark("02", "web.g2/0", "starting"));
    append(log, "b\n");
    compress(rotate(log, "10"));
    append(log, mark("03", "web.g1/0", "gone") + "c\n" + mark("04", "web.g2/1", "starting"));
    append(log, "d\n" + mark("05", "web.g2/0", "gone") + "e\n" + mark("06", "web.g2/1", "gone"));
    append(log, "f\n");

    assertEquals("b\nc\nd\ne\n", show(new LogQuery(LogQuery.ALL, 2, null, false)));
    assertEquals("a\nb\n", show(new LogQuery(LogQuery.ALL, 1, null, false)));
    assertEquals("", show(new LogQuery(LogQuery.ALL, 3, null, false)));
    assertEquals("d\ne\n", show(new LogQuery(2, 2, null, false)));
    String marked = show(new LogQuery(LogQuery.ALL, 1, null, true));
    assertEquals(mark("01", "web.g1/0", "starting"), marked.lines().findFirst().get() + "\n");
    assertEquals(mark("03", "web.g1/0", "gone"), marked.lines().skip(4).findFirst().get() + "\n");
    assertEquals(5, marked.lines().count());
  }

  @Test
  void generationWhoseEndNobodySawEndsWithTheNextSupervisor() throws Exception {
    append(log, mark("01", "web.g1/0", "starting") + mark("02", "web.g2/0", "starting") + "a\n");
    append(log, mark("03", "web.g1/0", "starting") + "b\n" + mark("04", "web.g2/0#2", "starting"));
    append(log, "c\n");

    assertEquals("a\nc\n", show(new LogQuery(LogQuery.ALL, 2, null, false)));
  }

  @Test
  void generationWhoseBeginningWasRemovedIsFoundAllTheSame() throws Exception {
    append(
        log, "a\n" + mark("02", "web.g2/0", "draining") + "b\n" + mark("03", "web.g2/0", "gone"));

    assertEquals("b\n", show(new LogQuery(LogQuery.ALL, 2, null, false)));
  }

  // Since

  @Test
  void sinceIsFromTheLastMarkBefore() throws Exception {
    append(log, mark("01", "web.g1/0", "starting") + "a\n" + mark("05", "web.g1/0", "serving"));
    append(log, "b\n");
    rotate(log, "10");
    append(log, "c\n" + mark("20", "web.g1/0", "draining") + "d\n");

    assertEquals("b\nc\nd\n", show(since("05", LogQuery.ALL)));
    assertEquals("b\nc\nd\n", show(since("19", LogQuery.ALL)));
    assertEquals("d\n", show(since("20", LogQuery.ALL)));
    assertEquals("a\nb\nc\nd\n", show(since("00", LogQuery.ALL)));
    assertEquals("c\nd\n", show(since("05", 2)));
  }

  @Test
  void filesThatWereDoneBeforeAreSkipped() throws Exception {
    append(log, mark("01", "web.g1/0", "serving") + "a\n");
    untouchedSince(log, "09");
    compress(rotate(log, "10"));
    append(log, "b\n");
    untouchedSince(log, "19");
    rotate(log, "20");
    append(log, "c\n");

    assertEquals("b\nc\n", show(since("15", LogQuery.ALL)));
    assertEquals("c\n", show(since("25", LogQuery.ALL)));
    assertEquals("c\n", show(since("25", 10)));
  }

  @Test
  void sinceAfterEverythingIsNothing() throws Exception {
    append(log, "a\n");
    untouchedSince(log, "09");

    assertEquals("", show(since("10", LogQuery.ALL)));
  }

  @Test
  void generationIsKnownFromMarksBefore() throws Exception {
    append(log, mark("01", "web.g1/0", "starting") + "a\n" + mark("02", "web.g2/0", "starting"));
    append(
        log, mark("03", "web.g3/0", "starting") + "b\n" + mark("04", "web.g2/0", "gone") + "c\n");
    Instant since = Instant.parse("2026-11-25T04:03:00Z");

    assertEquals("b\n", show(new LogQuery(LogQuery.ALL, 2, since, false)));
  }

  // A file for each worker

  @Test
  void workersComeInTheOrderOfTheirStart() throws Exception {
    workers();

    assertEquals("a\nA\nb\nc\n", ofWorkers(new LogQuery(LogQuery.ALL, 0, null, false)));
    assertEquals("b\nc\n", ofWorkers(new LogQuery(2, 0, null, false)));
    assertEquals("A\nb\nc\n", ofWorkers(new LogQuery(3, 0, null, false)));
  }

  @Test
  void generationIsTheFilesOfItsWorkers() throws Exception {
    workers();

    assertEquals("b\nc\n", ofWorkers(new LogQuery(LogQuery.ALL, 2, null, false)));
    assertEquals("c\n", ofWorkers(new LogQuery(1, 2, null, false)));
    assertEquals("a\nA\n", ofWorkers(new LogQuery(LogQuery.ALL, 1, null, false)));
    assertEquals("c\n", ofWorkers(since("30", LogQuery.ALL)));
  }

  private void workers() throws IOException {
    Path second = folder.resolve("web.g2-0.2.log");
    append(second, mark("30", "web.g2/0#2", "starting") + "c\n");
    Path first = folder.resolve("web.g1-0.log");
    append(first, mark("10", "web.g1/0", "starting") + "a\n");
    untouchedSince(first, "10");
    compress(rotate(first, "11"));
    append(first, "A\n");
    untouchedSince(first, "12");
    Path other = folder.resolve("web.g2-0.log");
    append(other, mark("20", "web.g2/0", "starting") + "b\n");
    untouchedSince(other, "29");
    append(folder.resolve("api.g2-0.log"), "x\n");
    append(folder.resolve("web.log"), "x\n");
  }

  private String ofWorkers(LogQuery query) throws IOException {
    return show(new LogPlace("web", folder.resolve("{worker}.log")), query);
  }

  private void threeFiles() throws IOException {
    append(log, "1\n2\n");
    compress(rotate(log, "10"));
    append(log, "3\n4\n");
    rotate(log, "20");
    append(log, "5\n6\n");
    assertEquals(true, Files.exists(archive(log, "20")));
  }

  private static LogQuery since(String minute, long most) {
    return new LogQuery(most, 0, Instant.parse("2026-11-25T04:" + minute + ":00Z"), false);
  }

  private LogPlace place() {
    return new LogPlace("web", log);
  }

  private String show(LogQuery query) throws IOException {
    return show(place(), query);
  }

  private static String show(LogPlace place, LogQuery query) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogReader.show(place, query, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
