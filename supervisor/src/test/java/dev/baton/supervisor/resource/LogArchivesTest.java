package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baton.supervisor.config.Rotation;
import dev.baton.testing.NothingLeft;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real files, and what somebody who was killed has left of them. */
@ExtendWith(NothingLeft.class)
final class LogArchivesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T04:18:05.123Z");
  private static final Rotation ALL = new Rotation(0, Duration.ZERO, 0, 0, Duration.ZERO, true);

  @TempDir private Path folder = Path.of("");

  private Path log = Path.of("");
  private LogArchives archives = new LogArchives(Path.of("x"), ALL);

  @BeforeEach
  void name() {
    log = folder.resolve("web.log");
    archives = new LogArchives(log, ALL);
  }

  @Test
  void archiveIsNamedByTheTimeOfTheRotation() throws Exception {
    Files.writeString(log, "hello\n");

    Path archive = archives.retire(NOW);

    assertEquals(folder.resolve("web.log-20261125T041805.123Z"), archive);
    assertEquals("hello\n", Files.readString(archive));
    assertFalse(Files.exists(log));
  }

  @Test
  void namesIncreaseWhateverTheClockDoes() throws Exception {
    List<Path> retired = new ArrayList<>();
    for (Instant now : List.of(NOW, NOW, NOW.plusNanos(1_100_000), NOW.minusSeconds(60))) {
      Files.writeString(log, "");
      retired.add(archives.retire(now));
    }

    assertEquals(
        List.of(
            folder.resolve("web.log-20261125T041805.123Z"),
            folder.resolve("web.log-20261125T041805.124Z"),
            folder.resolve("web.log-20261125T041805.125Z"),
            folder.resolve("web.log-20261125T041805.126Z")),
        retired);
    assertEquals(retired, archives.all());
  }

  @Test
  void namesIncreaseFromACompressedOneToo() throws Exception {
    Files.writeString(folder.resolve("web.log-20261125T041805.999Z.gz"), "");
    Files.writeString(log, "");

    assertEquals(folder.resolve("web.log-20261125T041806.000Z"), archives.retire(NOW));
  }

  @Test
  void logThatIsNotThereCannotBeRotated() {
    ResourceException e = assertThrows(ResourceException.class, () -> archives.retire(NOW));

    assertEquals("cannot rotate " + log + ": somebody has moved or deleted it", e.getMessage());
  }

  @Test
  void whatIsNamedOtherwiseIsNoArchive() throws Exception {
    for (String name :
        List.of(
            "web.log",
            "web.log-old",
            "web.log.gz",
            "web.log-20261125T041805.123Z.gz.tmp",
            "web.log-20261125T041805.123Z.bak",
            "web.log-20269925T041805.123Z",
            "xweb.log-20261125T041805.123Z",
            "web-log-20261125T041805.123Z")) {
      Files.writeString(folder.resolve(name), "");
    }
    Files.createDirectory(folder.resolve("web.log-20261125T041805.124Z"));
    Files.createSymbolicLink(folder.resolve("web.log-20261125T041805.125Z"), log);

    assertEquals(List.of(), archives.all());
  }

  @Test
  void directoryThatIsNotThereHasNone() throws Exception {
    LogArchives none = new LogArchives(folder.resolve("none/web.log"), ALL);

    none.prune(NOW, Set.of());

    assertEquals(List.of(), none.all());
  }

  @Test
  void compressedFileIsLikeThePlainOne() throws Exception {
    String text = "a line of the log\n".repeat(20_000);
    Path archive = archive(0, text);
    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-rw----"));
    FileTime written = FileTime.from(Instant.parse("2026-11-20T01:02:03.456Z"));
    Files.setLastModifiedTime(archive, written);

    Path compressed = archives.compress(archive);

    assertEquals(Path.of(archive + ".gz"), compressed);
    assertEquals(text, unpacked(compressed));
    assertEquals(written, Files.getLastModifiedTime(compressed));
    assertEquals(
        "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(compressed)));
    assertEquals(List.of(compressed), files());
    assertEquals(compressed, archives.compress(compressed));
  }

  @Test
  void emptyArchiveIsCompressedToo() throws Exception {
    assertEquals("", unpacked(archives.compress(archive(0, ""))));
  }

  @Test
  void whatAKilledOneLeftInTheMiddleIsBegunAnew() throws Exception {
    Path archive = archive(0, "all of it\n");
    Files.writeString(Path.of(archive + ".gz.tmp"), "half of");

    Path compressed = archives.compress(archive);

    assertEquals("all of it\n", unpacked(compressed));
    assertEquals(List.of(compressed), files());
  }

  @Test
  void whoWasKilledBeforeThePlainOneWentLeavesOneArchive() throws Exception {
    Path archive = archive(0, "all of it\n");
    Path compressed = archives.compress(archive);
    Files.writeString(archive, "all of it\n");

    assertEquals(List.of(archive), archives.all());
    assertEquals(compressed, archives.compress(archive));
    assertEquals("all of it\n", unpacked(compressed));
    assertEquals(List.of(compressed), files());
  }

  @Test
  void bothFormsOfAnArchiveArePruned() throws Exception {
    Path archive = archive(0, "all of it\n");
    archives.compress(archive);
    Files.writeString(archive, "all of it\n");

    keepFor(Duration.ofSeconds(1)).prune(NOW.plusSeconds(9), Set.of());

    assertEquals(List.of(), files());
  }

  @Test
  void archiveThatCannotBeCompressedStays() throws Exception {
    Path archive = archive(0, "all of it\n");
    Files.createDirectories(Path.of(archive + ".gz/in the way"));

    ResourceException e = assertThrows(ResourceException.class, () -> archives.compress(archive));

    assertEquals("cannot compress " + archive + ": Is a directory", e.getMessage());
    assertEquals("all of it\n", Files.readString(archive));
    assertEquals(List.of(archive, Path.of(archive + ".gz")), files());
  }

  @Test
  void logItselfIsNeverCompressed() throws Exception {
    Files.writeString(log, "in use");

    assertThrows(IllegalArgumentException.class, () -> archives.compress(log));
  }

  @Test
  void unlimitedKeepsAll() throws Exception {
    List<Path> all = List.of(archive(0, "a"), archive(1, "b"), archive(2, "c"));

    archives.prune(NOW.plus(Duration.ofDays(9999)), Set.of());

    assertEquals(all, archives.all());
  }

  @Test
  void newestAreKeptByNumber() throws Exception {
    archive(0, "a");
    Path second = archives.compress(archive(1, "b"));
    Path third = archive(2, "c");

    archives.at(new Rotation(0, Duration.ZERO, 2, 0, Duration.ZERO, true)).prune(NOW, Set.of());

    assertEquals(List.of(second, third), files());
  }

  @Test
  void newestAreKeptByTheirSizeTogether() throws Exception {
    archive(0, "x");
    archive(1, "x".repeat(60));
    Path third = archive(2, "x".repeat(50));
    Path fourth = archive(3, "x".repeat(50));

    archives.at(new Rotation(0, Duration.ZERO, 0, 100, Duration.ZERO, true)).prune(NOW, Set.of());

    assertEquals(List.of(third, fourth), files());
  }

  @Test
  void archivesAreKeptByTheTimeOfTheirRotation() throws Exception {
    Path old = archive(0, "a");
    Path young = archive(61, "b");
    Files.setLastModifiedTime(old, FileTime.from(NOW.plusSeconds(120)));
    Files.setLastModifiedTime(young, FileTime.from(NOW.minusSeconds(120)));

    keepFor(Duration.ofMinutes(1)).prune(NOW.plusSeconds(120), Set.of());

    assertEquals(List.of(young), files());
  }

  @Test
  void whatIsStillWrittenToIsNeitherRemovedNorCounted() throws Exception {
    Path written = archive(0, "a");
    archive(1, "b");
    Path third = archive(2, "c");
    Path newest = archive(3, "d");

    archives
        .at(new Rotation(0, Duration.ZERO, 1, 0, Duration.ZERO, true))
        .prune(NOW, Set.of(written, folder.resolve("./" + newest.getFileName())));

    assertEquals(List.of(written, third, newest), files());
  }

  @Test
  void whatIsUnfinishedIsRemovedAndNothingElse() throws Exception {
    Files.writeString(log, "in use");
    Path other = Files.writeString(folder.resolve("api.log-20261125T041805.123Z.gz.tmp"), "");
    Files.writeString(folder.resolve("web.log-20261125T041805.123Z.gz.tmp"), "");

    archives.prune(NOW, Set.of());

    assertEquals(List.of(other, log), files());
  }

  @Test
  void archivesOfWorkersAreTheirLogsAndWhatWasRotated() throws Exception {
    LogArchives workers = LogArchives.ofWorkers(folder.resolve("of {worker}.log"), "web", ALL);
    Path gone = left("of web.g1-0.log", -9);
    Path live = left("of web.g2-10.2.log", 9);
    Path rotated = workers.retire(live, NOW.minusSeconds(5));
    Files.writeString(live, "goes on");
    Path packed = workers.compress(rotated);
    for (String other :
        List.of("of api.g1-0.log", "of web-x.g1-0.log", "of web.log", "web.g1-0.log")) {
      left(other, -20);
    }

    assertEquals(List.of(gone, packed, live), workers.all());

    workers.at(new Rotation(0, Duration.ZERO, 1, 0, Duration.ZERO, true)).prune(NOW, Set.of(live));

    assertEquals(List.of(packed, live), workers.all());
    assertEquals(6, files().size());
  }

  @Test
  void logThatWasLeftIsCompressedUnderANameThatNoLaterOneGets() throws Exception {
    LogArchives workers = LogArchives.ofWorkers(folder.resolve("{worker}.log"), "web", ALL);
    Path first = workers.compress(left("web.g1-0.log", 0));
    Path second = workers.compress(left("web.g1-0.log", 0));

    assertEquals(folder.resolve("web.g1-0.log-20261125T041805.123Z.gz"), first);
    assertEquals(folder.resolve("web.g1-0.log-20261125T041805.124Z.gz"), second);
    assertEquals(List.of(first, second), workers.all());
  }

  @Test
  void logOfManyWorkersIsNotTakenForOneFile() {
    Path pattern = folder.resolve("{worker}.log");

    assertThrows(IllegalArgumentException.class, () -> new LogArchives(pattern, ALL));
  }

  private LogArchives keepFor(Duration age) {
    return archives.at(new Rotation(0, Duration.ZERO, 0, 0, age, true));
  }

  private Path archive(int second, String text) throws IOException {
    Files.writeString(log, text);
    return archives.retire(NOW.plusSeconds(second));
  }

  private Path left(String name, int second) throws IOException {
    Path file = Files.writeString(folder.resolve(name), name);
    return Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(second)));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  private static String unpacked(Path compressed) throws IOException {
    byte[] bytes = Files.readAllBytes(compressed);
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
