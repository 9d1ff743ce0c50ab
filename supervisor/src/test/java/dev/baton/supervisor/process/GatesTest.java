package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.process.Gates.Result;
import dev.baton.supervisor.process.Gates.Subject;
import dev.baton.testing.NothingLeft;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several gates of one worker, tried again and again. */
@ExtendWith(NothingLeft.class)
@Timeout(30)
final class GatesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Gate GOOD = exec("exit 0");
  private static final Gate BAD = exec("exit 9");

  @TempDir private Path folder = Path.of("");

  private static Gate exec(String script) {
    return new Gate.Exec(ImmutableList.of("sh", "-c", script), TIMEOUT);
  }

  private final Word word = new Word();

  private Gates gates(Path output, Gate... gates) {
    return new Gates(ImmutableList.copyOf(gates), new Subject("w", 1, output, word));
  }

  @Test
  void allHaveToPassInTheirOrder() throws Exception {
    Path marker = folder.resolve("marker");
    Gate marking = exec("touch " + marker);

    Result stopped = gates(folder, GOOD, BAD, marking).tryAll(Faces.of(Map.of()));
    assertFalse(stopped.passed());
    assertEquals("sh exited with 9", stopped.detail());
    assertTrue(Files.notExists(marker));

    assertTrue(gates(folder, GOOD, marking).tryAll(Faces.of(Map.of())).passed());
    assertTrue(Files.exists(marker));
  }

  @Test
  void noGateAlwaysPasses() {
    assertEquals(
        new Result(true, "no probe asked for", 0), gates(folder).tryAll(Faces.of(Map.of())));
  }

  @Test
  void lineOfTheOutputThatWasSeenStaysSeen() throws Exception {
    Path output = folder.resolve("w.log");
    Gates gates = gates(output, new Gate.Log("Started .*"), new Gate.Log("^listening$"));
    assertEquals(
        "no line of its output has 'Started .*'", gates.tryAll(Faces.of(Map.of())).detail());

    Files.writeString(output, "listening\nStarted shop\n");

    assertEquals(
        new Result(true, "its output has 'listening'", 0), gates.tryAll(Faces.of(Map.of())));
    Files.writeString(output, "nothing more", StandardOpenOption.APPEND);
    assertTrue(gates.tryAll(Faces.of(Map.of())).passed());
  }

  @Test
  void workerThatHasSaidThatItIsReadyStaysReady() {
    Gates gates = gates(folder, new Gate.Said());
    assertEquals(
        new Result(false, "it has not said that it is ready", 0), gates.tryAll(Faces.of(Map.of())));
    word.sayStatus("warming caches");
    assertEquals(
        new Result(false, "it has not said that it is ready; it says: warming caches", 0),
        gates.tryAll(Faces.of(Map.of())));

    word.sayReady();

    assertEquals(new Result(true, "says that it is ready", 0), gates.tryAll(Faces.of(Map.of())));
    word.sayStatus("serving");
    assertTrue(gates.tryAll(Faces.of(Map.of())).passed());
  }

  @Test
  void outputThatNobodyKeepsCannotBeSearched() {
    Gates gates = new Gates(ImmutableList.of(new Gate.Log("x")), new Subject("w", 1, null, word));

    Result result = gates.tryAll(Faces.of(Map.of()));

    assertFalse(result.passed());
    assertTrue(result.detail().contains("--output file"), result.detail());
  }

  @Test
  void timeIsThatOfTheHttpRequestWhateverElseIsAsked() throws Exception {
    ScriptedServer.Script script =
        (in, out) -> {
          if (in.read() >= 0) { // the tcp gate says nothing
            ScriptedServer.readHead(in);
            ScriptedServer.say(out, "HTTP/1.1 200 OK\r\n\r\n");
          }
        };
    Gate http = Gate.parse("http:/health").get(0);
    Gate tcp = new Gate.Tcp(TIMEOUT);
    Gate slow = exec("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
    try (ScriptedServer server = ScriptedServer.start(script)) {
      Map<Address, SocketAddress> faces = Map.of(Address.parse("8080"), server.address());
      long start = System.nanoTime();

      Result all = gates(folder, http, tcp, slow).tryAll(Faces.of(faces));

      long elapsedNanos = System.nanoTime() - start;
      assertTrue(all.passed(), all.detail());
      assertTrue(all.nanos() > 0 && all.nanos() < elapsedNanos, all + " " + elapsedNanos);
      assertTrue(gates(folder, tcp, GOOD).tryAll(Faces.of(faces)).nanos() > 0);
      assertEquals(0, gates(folder, slow).tryAll(Faces.of(faces)).nanos());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8080,false,/127.0.0.1:8080",
    "8080,true,/[0:0:0:0:0:0:0:1]:8080",
    "127.0.0.2:8080,false,/127.0.0.2:8080",
    "[fe80::1]:8080,false,/[fe80:0:0:0:0:0:0:1]:8080",
    "unix:/run/app.sock,false,/run/app.sock"
  })
  void sharedListenerIsReachedFromThisHost(String listener, boolean v6only, String where)
      throws Exception {
    assertEquals(where, SharedFaces.reach(Address.parse(listener), v6only).toString());
  }
}
