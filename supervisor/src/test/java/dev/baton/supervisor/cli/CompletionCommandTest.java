package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts in the shells they are for. */
@Timeout(30)
final class CompletionCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void bashCompletesCommands() throws Exception {
    assertTrue(bash("baton", "re").contains("restart"));
    assertEquals(Set.of("status", "start", "stop"), bash("baton", "st"));
    assertEquals(Set.of("unit", "upgrade"), bash("baton", "u"));
  }

  @Test
  void bashCompletesOptionsAndTheirShells() throws Exception {
    assertEquals(Set.of("--json"), bash("baton", "doctor", "--j"));
    assertTrue(bash("baton", "logs", "--").containsAll(List.of("--follow", "--since", "--log")));
    assertTrue(bash("baton", "ro").containsAll(List.of("rollback", "rotate")));
    assertTrue(bash("baton", "run", "--").containsAll(List.of("--listen", "--workers")));
    assertEquals(Set.of("bash"), bash("baton", "completion", "b"));
  }

  @Test
  void whatIsNotForPeopleIsNotOffered() throws Exception {
    assertFalse(bash("baton", "").contains("self-archive"), bash("baton", "").toString());
    assertFalse(script("bash").contains("self-archive"));
  }

  @Test
  void zshTakesTheScriptInOneLine() throws Exception {
    assumeTrue(isInstalled("zsh"), "no zsh here");
    Path script = Files.writeString(folder.resolve("script"), script("zsh"));

    String answer = run("zsh", "-f", "-c", "source " + script + "; print $_comps[baton]");

    assertTrue(answer.contains("_bash_complete"), answer);
    assertTrue(answer.contains("_complete_baton"), answer);
  }

  @Test
  void zshFindsTheScriptInItsFunctionPath() {
    assertTrue(script("zsh").startsWith("#compdef baton\n"));
  }

  @Test
  void otherShellIsToldWhatThereIs() {
    StringWriter err = new StringWriter();

    int exit = Main.commandLine().setErr(new PrintWriter(err)).execute("completion", "fish");

    assertEquals(2, exit);
    assertEquals("baton: 'fish' is no shell we know; write bash or zsh", err.toString().trim());
  }

  private static String script(String shell) {
    StringWriter out = new StringWriter();
    assertEquals(0, Main.commandLine().setOut(new PrintWriter(out)).execute("completion", shell));
    return out.toString();
  }

  /** What bash offers when the tabulator is pressed after these words. */
  private Set<String> bash(String... words) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("script"), script("bash"));
    String line = String.join(" ", words);
    String test =
        "source %s; COMP_WORDS=(%s); COMP_LINE='%s'; COMP_CWORD=%d; _complete_baton; "
            .formatted(script, quoted(words), line, words.length - 1);
    return Set.of(run("bash", "--norc", "-c", test + "echo ${COMPREPLY[@]}").trim().split("\\s+"));
  }

  private static String quoted(String... words) {
    return "'" + String.join("' '", words) + "'";
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }

  private static boolean isInstalled(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
