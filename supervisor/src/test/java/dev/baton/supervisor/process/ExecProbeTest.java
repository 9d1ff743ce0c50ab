package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.process.Gates.Result;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that answer well, badly, too much, or never. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class ExecProbeTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration IMPATIENT = Duration.ofMillis(500);

  @TempDir private Path folder = Path.of("");

  private static Result run(Duration timeout, String... command) {
    return run(Map.of(), timeout, command);
  }

  private static Result run(
      Map<Address, SocketAddress> faces, Duration timeout, String... command) {
    Gate.Exec gate = new Gate.Exec(ImmutableList.copyOf(command), timeout);
    return new ExecProbe(gate, new Gates.Subject("shop.g3/1", 4711, null, new Word()))
        .run(Faces.of(faces));
  }

  private static Result script(Duration timeout, String script) {
    return run(timeout, "/bin/sh", "-c", script);
  }

  private Path inFolder(String name) {
    return folder.resolve(name);
  }

  @Test
  void exitCodeDecides() {
    Result good = script(PATIENT, "echo all is well; exit 0");
    Result bad = script(PATIENT, "echo connecting; echo ' no route' >&2; exit 3");

    assertTrue(good.passed());
    assertEquals("sh exited with 0", good.detail());
    assertFalse(bad.passed());
    assertEquals("sh exited with 3: no route", bad.detail());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "echo", "printf '\\n \\n\\t\\n'"})
  void silenceNeedsNoColon(String words) {
    assertEquals("sh exited with 1", script(PATIENT, words + "\nexit 1").detail());
  }

  @Test
  void commandLearnsWhomItIsAbout() throws Exception {
    Map<Address, SocketAddress> faces = new LinkedHashMap<>();
    faces.put(Address.parse("8080"), SharedFaces.reach(Address.parse("127.0.0.1:40123"), false));
    faces.put(Address.parse("[::1]:8081"), SharedFaces.reach(Address.parse("[::1]:40124"), false));
    faces.put(Address.unix("/run/app.sock"), UnixDomainSocketAddress.of("/run/x/face-1.sock"));

    Result result =
        run(
            faces,
            PATIENT,
            "sh",
            "-c",
            "echo $BATON_WORKER $BATON_PID $(echo \"$BATON_FACES\" | tr '\\n' ,) ${PATH:+rest}; exit 1");

    assertEquals(
        "sh exited with 1: shop.g3/1 4711 tcp:*:8080 127.0.0.1:40123,tcp:[::1]:8081 [::1]:40124,"
            + "unix:/run/app.sock /run/x/face-1.sock, rest",
        result.detail());
  }

  @Test
  void standardInputIsEmpty() {
    assertTrue(run(PATIENT, "cat").passed());
  }

  @Test
  void argumentsMeetNoShell() {
    assertEquals(
        "ls exited with 2", run(PATIENT, "/bin/ls", "$HOME;*").detail().replaceFirst(":.*", ""));
  }

  @Test
  void commandThatDoesNotExistIsTold() {
    Result result = run(PATIENT, "/no/such/check");

    assertFalse(result.passed());
    assertTrue(result.detail().startsWith("check could not be run: "), result.detail());
    assertTrue(result.detail().contains("No such file"), result.detail());
  }

  @Test
  void commandThatHangsIsKilledWithItsDescendants() throws Exception {
    String script =
        "sleep 100 & echo $! >"
            + inFolder("child")
            + "; echo $$ >"
            + inFolder("root")
            + "; echo waiting; wait";

    Result result = script(IMPATIENT, script);

    assertFalse(result.passed());
    assertEquals("sh did not end within 500ms and was killed: waiting", result.detail());
    assertTrue(result.nanos() < TimeUnit.SECONDS.toNanos(10), () -> result.nanos() + " ns");
    assertTrue(isGone(inFolder("root")));
    awaitGone(inFolder("child"));
  }

  @Test
  void commandThatIgnoresSigtermAndClosesItsOutputIsKilled() throws Exception {
    String script =
        "trap '' TERM; echo $$ >"
            + inFolder("root")
            + "; exec >/dev/null 2>&1; read x "
            + "<"
            + fifo()
            + "; sleep 100";

    assertEquals("sh did not end within 500ms and was killed", script(IMPATIENT, script).detail());
    assertTrue(isGone(inFolder("root")));
  }

  private Path fifo() throws Exception {
    Path fifo = inFolder("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    return fifo;
  }

  @Test
  void descendantThatKeepsTheOutputOpenIsNotWaitedFor() throws Exception {
    Result result =
        script(PATIENT, "sleep 100 & echo $! >" + inFolder("child") + "; echo left it; exit 1");

    assertEquals("sh exited with 1: left it", result.detail());
    assertTrue(result.nanos() < TimeUnit.SECONDS.toNanos(20), () -> result.nanos() + " ns");
    ProcessHandle.of(pid(inFolder("child"))).orElseThrow().destroyForcibly();
  }

  @Test
  void descendantThatFloodsTheOutputAfterTheEndDiesOfIt() throws Exception {
    Result result = script(PATIENT, "yes & echo $! >" + inFolder("child") + "; exit 0");

    assertTrue(result.passed(), result.detail());
    awaitGone(inFolder("child"));
  }

  @Test
  void floodIsReadButNotKept() {
    long before = usedBytes();
    Result endless = script(IMPATIENT, "yes 'out of control'");
    Result ended =
        script(PATIENT, "head -c 50000000 /dev/zero | tr '\\0' x; echo; echo the end; exit 7");

    assertTrue(
        endless.detail().startsWith("sh did not end within 500ms and was killed: o"),
        endless.detail());
    assertEquals("sh exited with 7: the end", ended.detail());
    assertTrue(usedBytes() - before < 40_000_000);
  }

  private static long usedBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void lastLineIsShownWithoutControlCharactersAndCut() {
    assertEquals(
        "sh exited with 1: red alert",
        script(PATIENT, "printf '\\033[31mred\\t\\033[0malert\\n'; exit 1").detail());
    int prefix = "sh exited with 1: ".length();
    assertEquals(
        prefix + 200,
        script(PATIENT, "head -c 100000 /dev/zero | tr '\\0' x; exit 1").detail().length());
  }

  @Test
  void interruptEndsItAndKillsTheCommand() throws Exception {
    Thread.currentThread().interrupt();
    Result result = script(PATIENT, "echo $$ >" + inFolder("root") + "; sleep 100");

    assertTrue(Thread.interrupted());
    assertFalse(result.passed());
  }

  private static long pid(Path file) throws IOException {
    return Long.parseLong(Files.readString(file).strip());
  }

  private static void awaitGone(Path file) throws IOException {
    while (!isGone(file)) {
      Thread.onSpinWait();
    }
  }

  /** Whoever adopts orphans may take its time to reap them: a zombie is gone. */
  private static boolean isGone(Path file) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid(file) + "/stat"));
      return stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (NoSuchFileException e) {
      return true;
    }
  }
}
