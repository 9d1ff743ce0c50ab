package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.core.RestartRecord.Asker;
import dev.baton.supervisor.core.RestartRecord.Kind;
import dev.baton.supervisor.core.RestartRecord.Phase;
import dev.baton.supervisor.core.RestartRecord.Release;
import dev.baton.supervisor.core.RestartRecord.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered, whatever happens to the file. */
final class HistoryTest {
  private static final Phase PHASE = new Phase("web.g2/0", "ready", "probe passed", 1_500_000_000L);

  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("history.jsonl");
  }

  @Test
  void newestAreReturnedFirst() throws IOException {
    History history = History.open(file);
    history.add(record(history.nextId(), "web"));
    history.add(record(history.nextId(), "api"));
    history.add(record(history.nextId(), "web"));

    assertEquals(List.of(3L, 2L, 1L), ids(history.last(10, null)));
    assertEquals(List.of(3L), ids(history.last(1, null)));
    assertEquals(List.of(3L, 1L), ids(history.last(10, "web")));
    assertEquals(List.of(), ids(history.last(10, "none")));
  }

  @Test
  void everythingOfARecordComesBack() throws IOException {
    RestartRecord record =
        new RestartRecord(
            1,
            "a \"quoted\" \\ name",
            Kind.ROLLBACK,
            new Asker(Asker.How.COMMAND, "\u00e4\ud83d\ude00", 42),
            "rolling",
            new Release(3, "1.4+abc"),
            Release.NONE,
            Instant.parse("2031-05-06T07:08:09.123456789Z"),
            Long.MAX_VALUE,
            Result.ROLLED_BACK,
            "two\nlines\tand \u0000",
            ImmutableList.of(PHASE, PHASE),
            ImmutableList.of("/a \"b\"", "c"));
    History.open(file).add(record);

    assertEquals(List.of(record), History.open(file).last(1, null));
    assertEquals(1, Files.readAllLines(file).size());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void lineIsPlainJson() {
    assertEquals(
        """
        {"id": 7, "service": "web", "kind": "restart", "by": "signal", "user": "root", "pid": 0, \
        "strategy": "rolling", "from": {"generation": 1, "version": "aa"}, \
        "to": {"generation": 2, "version": "bb"}, "started": "2031-05-06T07:08:09Z", \
        "took-nanos": 5, "result": "rolled-back", "reason": "because", "phases": [\
        {"worker": "web.g2/0", "state": "ready", "reason": "probe passed", \
        "since-nanos": 1500000000}], "evidence": []}""",
        HistoryLine.write(record(7, "web")));
  }

  @Test
  void numbersGoOnAfterAnotherSupervisor() throws IOException {
    History first = History.open(file);
    first.add(record(first.nextId(), "web"));
    first.nextId(); // refused before it was worth a record

    assertEquals(2, History.open(file).nextId());
  }

  @Test
  void lineThatWasCutOffIsPassedOverAndSpoilsNoOther() throws IOException {
    History history = History.open(file);
    history.add(record(history.nextId(), "web"));
    history.add(record(history.nextId(), "web"));
    String all = Files.readString(file);
    for (int length = all.indexOf('\n') + 1; length < all.length() - 1; length += 9) {
      Files.writeString(file, all.substring(0, length));
      History next = History.open(file);
      long id = next.nextId();
      next.add(record(id, "web"));

      assertTrue(id >= 2, "id " + id + " after " + length + " bytes");
      assertEquals(List.of(id, 1L), ids(next.last(10, null)));
    }
  }

  @Test
  void bytesOfAnyKindAreNoMoreThanSpoiltLines() throws IOException {
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Files.write(file, noise);
    History history = History.open(file);

    history.add(record(history.nextId(), "web"));

    assertEquals(1, history.last(10, null).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "{\"id\": \"1\"}",
        "{\"id\": 1}",
        "[[[[[[[[[[[[[[[[",
        "{\"id\": 99999999999999999999}",
        "{\"a\": \"\\x\"}"
      })
  void jsonThatIsNoRecordIsNone(String line) {
    assertNull(HistoryLine.read(line));
  }

  @Test
  void recordOfALaterVersionWithMoreInItIsStillRead() {
    String line = HistoryLine.write(record(7, "web"));

    assertEquals(
        record(7, "web"),
        HistoryLine.read("{\"colour\": [{\"x\": 1}, \"red\"], " + line.substring(1)));
  }

  @Test
  void oldestAreForgottenInTime() throws IOException {
    History history = History.open(file);
    for (int i = 0; i < 2 * History.MOST_RECORDS; i++) {
      history.add(record(history.nextId(), "web"));
      assertTrue(Files.readAllLines(file).size() <= History.MOST_RECORDS + 50);
    }

    List<Long> left = ids(history.last(1000, null));
    assertEquals(History.MOST_RECORDS, left.size());
    assertEquals(400, left.get(0));
    assertEquals(List.of(file), files());
  }

  @Test
  void fileStaysSmallWhateverIsInARecord() throws IOException {
    History history = History.open(file);
    RestartRecord small = record(0, "web");
    for (int i = 0; i < 40; i++) {
      RestartRecord large =
          new RestartRecord(
              history.nextId(),
              "web",
              small.kind(),
              small.asker(),
              small.strategy(),
              small.from(),
              small.to(),
              small.startedAt(),
              small.tookNanos(),
              small.result(),
              small.reason(),
              ImmutableList.copyOf(Collections.nCopies(5000, PHASE)));
      history.add(large);
    }

    assertTrue(Files.size(file) <= History.MOST_BYTES, Files.size(file) + " bytes");
    assertTrue(history.last(100, null).size() >= 5);
    assertEquals(40, history.last(1, null).get(0).id());
  }

  @Test
  void fileThatGrewByOtherMeansIsReadFromItsEnd() throws IOException {
    Files.writeString(file, "x".repeat(5 * History.MOST_BYTES) + "\n");
    Files.writeString(file, HistoryLine.write(record(9, "web")) + "\n", StandardOpenOption.APPEND);

    assertEquals(List.of(9L), ids(History.open(file).last(10, null)));
  }

  private static RestartRecord record(long id, String service) {
    return new RestartRecord(
        id,
        service,
        Kind.RESTART,
        new Asker(Asker.How.SIGNAL, "root", 0),
        "rolling",
        new Release(1, "aa"),
        new Release(2, "bb"),
        Instant.parse("2031-05-06T07:08:09Z"),
        5,
        Result.ROLLED_BACK,
        "because",
        ImmutableList.of(PHASE));
  }

  private static List<Long> ids(List<RestartRecord> records) {
    return records.stream().map(RestartRecord::id).toList();
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }
}
