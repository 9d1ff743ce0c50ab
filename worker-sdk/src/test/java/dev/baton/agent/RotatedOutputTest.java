package dev.baton.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.protocol.Verb;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an order to rotate does to stdout and stderr. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class RotatedOutputTest {
  @TempDir Path folder = Path.of("");

  @Test
  void stdoutAndStderrMoveWhereTheyGoToTheSameFile() throws Exception {
    Path old = folder.resolve("old");
    Path other = folder.resolve("other");

    chat(old, old, other);

    assertEquals("out before\nerr before\n", Files.readString(old));
    assertEquals("out after\nerr after\n", Files.readString(other));
  }

  @Test
  void filesOfOthersStayWhereTheyAre() throws Exception {
    Path old = folder.resolve("old");
    Path stranger = folder.resolve("stranger");
    Path other = folder.resolve("other");

    chat(old, stranger, other);

    assertEquals("out before\n", Files.readString(old));
    assertEquals("out after\n", Files.readString(other));
    assertEquals("err before\nerr after\n", Files.readString(stranger));
  }

  /** Prints before and after the file {@code out} is replaced. */
  private void chat(Path out, Path err, Path other) throws Exception {
    Path socket = folder.resolve("attach.sock");
    try (FakeSupervisor supervisor = FakeSupervisor.start(socket, (s, request) -> {});
        HeldFile held = new HeldFile(out);
        HeldFile next = new HeldFile(other)) {
      Process child = start(socket, out, err);
      try {
        supervisor.awaitWorker();
        print(child, "before");
        awaitLine(err, "err before");
        supervisor.send(held.rotate(), next.descriptor());
        assertTrue(supervisor.next().is(Verb.ROTATED));
        print(child, "after");
        child.getOutputStream().close();
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, child.exitValue());
      } finally {
        child.destroyForcibly().waitFor();
      }
    }
  }

  private static Process start(Path socket, Path out, Path err) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                // Else newer JDKs warn on stderr that junixsocket loads a library.
                "--enable-native-access=ALL-UNNAMED",
                // The library unpacks its native part there.
                "-Djava.io.tmpdir=" + socket.getParent(),
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Chatter.class.getName(),
                socket.toString()))
        .redirectOutput(Redirect.appendTo(out.toFile()))
        .redirectError(Redirect.appendTo(err.toFile()))
        .start();
  }

  private static void print(Process child, String line) throws IOException {
    child.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    child.getOutputStream().flush();
  }

  private static void awaitLine(Path file, String line) throws IOException {
    while (!Files.readAllLines(file).contains(line)) {
      Thread.onSpinWait();
    }
  }
}
