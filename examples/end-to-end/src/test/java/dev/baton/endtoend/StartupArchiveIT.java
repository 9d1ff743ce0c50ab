package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Class-data archives are made and used, and whatever is done to jars and archives is survived. */
final class StartupArchiveIT {
  private static final Pattern ARCHIVE = Pattern.compile("/\\S+/startup\\.jsa");
  private static final String MADE = "startup archive made";

  @RegisterExtension final Machine machine = new Machine();

  @ParameterizedTest
  @ValueSource(strings = {"auto", "off"})
  void newCodeRunsAfterTheJarWasReplaced(String mode) throws Exception {
    CodedJar jar = new CodedJar(machine);
    jar.overwriteWith(1);
    Supervisor supervisor = start(jar, mode);
    boolean archived = mode.equals("auto");
    for (int version = 1; version <= 2; version++) {
      jar.overwriteWith(version);
      restart();
      assertEquals("code of version " + version, answer(jar));
      assertShown(archived ? "miss" : "none");
      int made = version;
      if (archived) {
        Await.until("an archive is made", () -> count(supervisor.log(), MADE) == made);
      }
      restart();
      assertEquals("code of version " + version, answer(jar));
      assertEquals(archived, !archiveOf(supervisor.lastPid("serving")).isEmpty());
      assertShown(archived ? "hit" : "none");
    }
  }

  @Test
  void workerThatFailsWithItsArchiveIsLaunchedWithoutIt() throws Exception {
    CodedJar jar = new CodedJar(machine);
    jar.overwriteWith(1);
    Supervisor supervisor = start(jar, "auto");
    Await.until("an archive is made", () -> supervisor.log().contains(MADE));
    restart();
    Path archive = Path.of(archiveOf(supervisor.lastPid("serving")));
    jar.letItFailWithArchives();

    restart();

    assertEquals("code of version 1", answer(jar));
    assertEquals("", archiveOf(supervisor.lastPid("serving")));
    supervisor.await("it is set aside", "failed with its startup archive, which is set aside");
    assertTrue(Files.readString(archive.resolveSibling("set-aside")).contains("before it served"));
    restart();
    assertEquals("", archiveOf(supervisor.lastPid("serving")));
  }

  private Supervisor start(CodedJar jar, String mode) throws Exception {
    return OneService.start(
        machine,
        jar.command(),
        1,
        "startup-archive = \"" + mode + "\"",
        "startup-archive-after = \"10ms\"");
  }

  private void assertShown(String archive) throws Exception {
    String status = machine.baton("status", "--json").out();
    assertTrue(status.contains("\"archive\": \"" + archive + "\""), status);
  }

  private void restart() throws Exception {
    Command restarted = machine.baton("restart");
    assertEquals(0, restarted.exit(), restarted.out() + restarted.err());
  }

  /** What it has mapped; empty if none. */
  private static String archiveOf(long pid) throws IOException {
    String maps = Files.readString(Path.of("/proc/" + pid + "/maps"));
    Matcher archive = ARCHIVE.matcher(maps);
    return archive.find() ? archive.group() : "";
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  private static String answer(CodedJar jar) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), jar.port())) {
      String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      String text = new String(answer, StandardCharsets.US_ASCII);
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }
}
