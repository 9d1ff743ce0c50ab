package dev.baton.supervisor.logs;

import static dev.baton.supervisor.logs.Written.append;
import static dev.baton.supervisor.logs.Written.compress;
import static dev.baton.supervisor.logs.Written.mark;
import static dev.baton.supervisor.logs.Written.rotate;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.testing.NothingLeft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of logs while they are written, looked at step by step. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class LogFollowerTest {
  private static final int BUFFER_BYTES = 4096;
  private static final LogQuery ALL = new LogQuery(LogQuery.ALL, 0, null, true);

  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<LogPlace> places = new ArrayList<>();
  private Path log = Path.of("");
  private @Nullable LogFollower follower;

  @BeforeEach
  void path() {
    log = folder.resolve("web.log");
    places.add(new LogPlace("web", log));
  }

  @AfterEach
  void leavesNothingOpen() throws IOException {
    end();
    assertEquals(List.of(), OpenFiles.in(folder));
  }

  @Test
  void showsWhatIsThereAndThenWhatComes() throws Exception {
    append(log, "1\n");
    compress(rotate(log, "10"));
    append(log, "2\n3\n");
    follow(ALL);
    assertEquals("1\n2\n3\n", shown());

    append(log, "4\n");

    assertEquals("4\n", next());
    assertEquals("", next());
  }

  @Test
  void showsTheLastLinesAndThenWhatComes() throws Exception {
    append(log, "1\n");
    rotate(log, "10");
    append(log, "2\n3\n");
    follow(new LogQuery(2, 0, null, true));
    assertEquals("2\n3\n", shown());

    append(log, "4\n");

    assertEquals("4\n", next());
  }

  @Test
  void logNeedNotBeThereYet() throws Exception {
    places.set(0, new LogPlace("web", folder.resolve("logs/web.log")));
    follow(new LogQuery(50, 0, null, true));
    assertEquals("", next());

    Files.createDirectory(folder.resolve("logs"));
    append(folder.resolve("logs/web.log"), "1\n");

    assertEquals("1\n", next());
  }

  @Test
  void partOfALineWaitsForTheRest() throws Exception {
    append(log, "1\nab");
    follow(ALL);
    assertEquals("1\n", shown());
    append(log, "cd");
    assertEquals("", next());

    append(log, "e\nf");

    assertEquals("abcde\n", next());
    end();
    assertEquals("f\n", shown());
  }

  @Test
  void lineLongerThanAnyBufferIsWhole() throws Exception {
    follow(ALL);
    String line = "x".repeat(3 * BUFFER_BYTES + 5);

    append(log, line);
    String first = next();
    append(log, "y\nz\n");

    assertEquals(line + "y\nz\n", first + next());
  }

  @Test
  void workerThatHasNotMovedYetIsShown() throws Exception {
    append(log, "1\n");
    follow(ALL);
    Path archive = rotate(log, "10");
    append(log, "3\n");
    append(archive, "2\n");

    assertEquals("1\n2\n3\n", shown() + next());
    append(log, "5\n");
    append(archive, "4\n");
    assertEquals("4\n5\n", next());
  }

  @Test
  void rotationsThatNobodySawAreReadFromTheirArchives() throws Exception {
    append(log, "1\n");
    follow(LogQuery.WHAT_COMES);
    for (int i = 10; i < 20; i++) {
      append(log, i + "\n");
      Path archive = rotate(log, "" + i);
      if (i % 3 != 0) {
        compress(archive);
      }
    }
    append(log, "20\n");

    assertEquals("10 11 12 13 14 15 16 17 18 19 20", next().trim().replace('\n', ' '));
    assertEquals("", next());
  }

  @Test
  void archiveThatWasCompressedBehindUsIsNotReadAgain() throws Exception {
    append(log, "1\n");
    follow(LogQuery.WHAT_COMES);
    append(log, "2\n");
    assertEquals("2\n", next());
    append(log, "3\n");
    compress(rotate(log, "10"));

    assertEquals("3\n", next());
    append(log, "4\n");
    assertEquals("4\n", next());
    compress(rotate(log, "11"));
    append(log, "5\n");
    assertEquals("5\n", next());
  }

  @Test
  void archiveIsClosedOnceItIsCompressed() throws Exception {
    follow(ALL);
    for (int i = 10; i < 40; i++) {
      append(log, "1\n");
      next();
      compress(rotate(log, "" + i));
    }
    append(log, "1\n");
    next();

    assertEquals(List.of(log.toString()), OpenFiles.in(folder));
  }

  @Test
  void archivesThatAreNotCompressedAreNotAllKeptOpen() throws Exception {
    for (int i = 10; i < 30; i++) {
      append(log, "1\n");
      rotate(log, "" + i);
    }
    follow(ALL);
    assertEquals(17, OpenFiles.in(folder).size());
    for (int i = 30; i < 50; i++) {
      append(log, "1\n");
      rotate(log, "" + i);
    }

    next();

    assertEquals(17, OpenFiles.in(folder).size());
  }

  @Test
  void logThatSomebodyTookAwayIsReadToItsEnd() throws Exception {
    append(log, "1\n");
    follow(LogQuery.WHAT_COMES);
    Path taken = Files.move(log, folder.resolve("taken"));
    append(log, "3\n");
    append(taken, "2\n");

    assertEquals("2\n3\n", next());
  }

  @Test
  void logThatSomebodyEmptiedIsReadFromItsBeginning() throws Exception {
    append(log, "1\n2\n3\n");
    follow(LogQuery.WHAT_COMES);
    Files.writeString(log, "4\n");

    assertEquals("4\n", next());
  }

  @Test
  void directoryThatWasMadeAgainIsFound() throws Exception {
    places.set(0, new LogPlace("web", folder.resolve("logs/web.log")));
    Path logs = Files.createDirectory(folder.resolve("logs"));
    append(logs.resolve("web.log"), "1\n");
    follow(LogQuery.WHAT_COMES);
    Files.move(logs, folder.resolve("elsewhere"));
    Files.createDirectory(logs);
    append(logs.resolve("web.log"), "2\n");

    assertEquals("2\n", next());
  }

  @Test
  void lineThatNobodyCompletesEndsWithItsFile() throws Exception {
    append(log, "a");
    follow(ALL);
    compress(rotate(log, "10"));
    append(log, "b\n");

    assertEquals("a\nb\n", next() + next());
  }

  @Test
  void marksAreNotShownToWhomTheyDoNotMatter() throws Exception {
    follow(LogQuery.WHAT_COMES);

    append(log, mark("01", "web.g1/0", "starting") + "1\n" + mark("02", "web.g1/0", "serving"));

    assertEquals("1\n", next());
  }

  @Test
  void generationIsFollowed() throws Exception {
    append(log, mark("01", "web.g2/0", "starting") + "a\n");
    follow(new LogQuery(LogQuery.ALL, 2, null, false));

    append(log, "b\n" + mark("02", "web.g2/0", "gone") + "c\n");
    append(log, mark("03", "web.g2/0#2", "starting") + "d\n");

    assertEquals("a\nb\nd\n", shown() + next());
  }

  // A file for each worker

  @Test
  void workersThatComeLaterAreFollowedFromTheirBeginning() throws Exception {
    places.set(0, new LogPlace("web", folder.resolve("{worker}.log")));
    append(folder.resolve("web.g1-0.log"), "a\n");
    follow(LogQuery.WHAT_COMES);

    append(folder.resolve("web.g1-1.log"), "b\n");
    append(folder.resolve("api.g1-1.log"), "x\n");

    assertEquals("b\n", next());
  }

  @Test
  void workerThatCameAndWentIsShown() throws Exception {
    places.set(0, new LogPlace("web", folder.resolve("{worker}.log")));
    Path worker = append(folder.resolve("web.g1-0.log"), "a\n");
    compress(rotate(worker, "10"));
    follow(LogQuery.WHAT_COMES);
    append(worker, "b\n");
    Path archive = folder.resolve("web.g1-0.log-29991125T041100.000Z");
    Files.move(worker, archive);
    compress(archive);

    assertEquals("b\n", next());
    assertEquals("", next());
  }

  @Test
  void onlyTheGenerationIsFollowed() throws Exception {
    places.set(0, new LogPlace("web", folder.resolve("{worker}.log")));
    append(folder.resolve("web.g1-0.log"), "a\n");
    append(folder.resolve("web.g2-0.log"), "b\n");
    follow(new LogQuery(LogQuery.ALL, 2, null, true));

    append(folder.resolve("web.g1-0.log"), "c\n");
    append(folder.resolve("web.g1-1.log"), "d\n");
    append(folder.resolve("web.g2-1.log"), "e\n");

    assertEquals("b\ne\n", shown() + next());
  }

  @Test
  void logOfAWorkerThatIsGoneIsForgotten() throws Exception {
    places.set(0, new LogPlace("web", folder.resolve("{worker}.log")));
    Path worker = append(folder.resolve("web.g1-0.log"), "a\n");
    follow(ALL);
    append(worker, "b\n");
    compress(rotate(worker, "10"));

    assertEquals("a\nb\n", shown() + next());
    assertEquals(List.of(), OpenFiles.in(folder));
    append(worker, "c\n"); // the next supervisor has one of the same name
    assertEquals("c\n", next());
  }

  // Places that come and go

  @Test
  void placeThatComesLaterIsShownFromItsFirstNewMark() throws Exception {
    places.clear();
    append(log, "old\n" + mark("01", "web.g1/0", "gone"));
    follow(LogQuery.WHAT_COMES);
    append(log, "=== baton " + Instant.now() + " web.g1/0 starting: launched\nnew\n");
    places.add(new LogPlace(LogPlace.ANY, log));

    assertEquals("new\n", next());
  }

  @Test
  void placeThatComesLaterWithoutMarksIsShown() throws Exception {
    places.clear();
    follow(LogQuery.WHAT_COMES);
    append(log, "1\n");
    places.add(new LogPlace(LogPlace.ANY, log));

    assertEquals("1\n", next());
  }

  @Test
  void severalLogsAreFollowed() throws Exception {
    Path other = folder.resolve("api.log");
    places.add(new LogPlace("api", other));
    follow(ALL);

    append(log, "1\n");
    append(other, "2\n");

    assertEquals("1\n2\n", next());
  }

  private void follow(LogQuery query) throws IOException {
    follower = LogFollower.start(() -> List.copyOf(places), query, out, BUFFER_BYTES);
  }

  /** What has been shown since this was asked for last. */
  private String shown() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  /** What is new at another look. */
  private String next() throws IOException {
    Objects.requireNonNull(follower).copy(true);
    return shown();
  }

  private void end() throws IOException {
    if (follower != null) {
      follower.close();
    }
  }
}
