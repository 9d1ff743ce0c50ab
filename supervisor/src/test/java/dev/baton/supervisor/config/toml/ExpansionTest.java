package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baton.supervisor.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpansionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain                  | plain",
        "${HOME}/x              | /root/x",
        "${HOME}${PORT}         | /root9090",
        "${HOME:-/tmp}          | /root",
        "${NONE:-/tmp}          | /tmp",
        "${NONE:-}x             | x",
        "${EMPTY:-x}            | x",
        "x${EMPTY}              | x",
        "${NONE:-a:-b$c}        | a:-b$c",
        "$$HOME $${HOME} $$$$   | $HOME ${HOME} $$",
        "done$                  | done$",
        "^(a,b$)                | ^(a,b$)",
        "$1 $(x)                | $1 $(x)"
      })
  void variablesArePutIn(String text, String expanded) throws Exception {
    assertEquals(expanded, Expansion.expand(text, Texts.SOURCE.environment()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${NONE}     | the variable NONE is not set; set it, or write ${NONE:-default}",
        "${HOME      | '${HOME' has no end; write ${NAME}, or $$ for a dollar",
        "${}         | '${}' is no variable; write ${NAME} or ${NAME:-default}, or $$ for a dollar",
        "${HOME-x}   | '${HOME-x}' is no variable; write ${NAME} or ${NAME:-default}, or $$ for a"
            + " dollar",
        "$HOME       | '$HOME' is not expanded; write ${HOME} or $$HOME"
      })
  void whatCannotBeMeantIsRefused(String text, String problem) {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> Expansion.expand(text, Texts.SOURCE.environment()));

    assertEquals(problem, e.getMessage());
  }
}
