package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.testing.NothingLeft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the terminal of a supervisor shows of its workers. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class OutputFollowerTest {
  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void showsWhatWorkersWriteFromNowOnAcrossRotationsWithoutMarks() throws Exception {
    Path log = folder.resolve("web.log");
    append(log, "before\n");
    OutputFollower follower = OutputFollower.start(() -> List.of(log), out);
    append(log, "=== baton 2026-11-25T04:18:05.123Z web.g2/0 serving: switched on\n1\n");
    awaitShown("1\n");

    Path archive = folder.resolve("web.log-20261125T041900.000Z");
    Files.move(log, archive);
    append(log, "3\n");
    awaitShown("1\n3\n");
    append(archive, "2\n");
    awaitShown("1\n3\n2\n");
    append(log, "4\n");
    follower.close();

    assertEquals("1\n3\n2\n4\n", shown());
  }

  @Test
  void workersWithAFileOfTheirOwnAreShown() throws Exception {
    OutputFollower follower =
        OutputFollower.start(() -> List.of(folder.resolve("{worker}.log")), out);
    append(folder.resolve("web.g1-0.log"), "1\n");
    awaitShown("1\n");
    append(folder.resolve("api.g1-0.2.log"), "2\n");
    awaitShown("1\n2\n");
    follower.close();
  }

  private void awaitShown(String expected) {
    while (!shown().equals(expected)) {
      Thread.onSpinWait();
    }
  }

  private String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void append(Path log, String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
