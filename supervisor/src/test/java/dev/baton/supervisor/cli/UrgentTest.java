package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without Picocli is read as with it. */
final class UrgentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "restart",
        "restart --json",
        "restart web api",
        "restart shop/web --json shop/api",
        "rollback web",
        "start --json web",
        "stop",
        "stop web-2"
      })
  void isWhatPicocliMakesOfIt(String line) {
    String[] words = line.split(" ", -1);
    ServiceCommand expected =
        Main.commandLine().parseArgs(words).subcommand().commandSpec().commandLine().getCommand();

    ServiceCommand urgent = Urgent.read(words);

    assertNotNull(urgent);
    assertSame(expected.getClass(), urgent.getClass());
    assertEquals(expected.named(), urgent.named());
    assertEquals(expected.json(), urgent.json());
    assertEquals(expected.verb(), urgent.verb());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--version",
        "status",
        "scale web=2",
        "restart --help",
        "restart -s shop",
        "restart --promote",
        "restart --json --json",
        "restart --jsn web",
        "restart @file",
        "restart web=1",
        "restart --strategy canary web",
        "start -- web",
        "stop \u00a0"
      })
  void restIsPicoclis(String line) {
    assertNull(Urgent.read(line.split(" ", -1)));
  }
}
