package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baton.supervisor.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '@',
      value = {
        "  java  -jar app.jar  # java,-jar,app.jar",
        "a 'b c' \"d e\"        # a,b c,d e",
        "a'b c'd                # ab cd",
        "'' \"\" x              # ,,x",
        "a\\ b \\' \\\\         # a b,',\\",
        "\"a\\\"b\\n\\\\\"      # a\"b\\n\\",
        "'a\\b'                 # a\\b",
        "${A:-b c} x            # ${A:-b c},x",
        "\"${A:-\"}\"           # ${A:-\"}",
        "*.jar ~ $(x) a;b       # *.jar,~,$(x),a;b"
      })
  void wordsAreThoseOfAShell(String text, String words) throws Exception {
    assertEquals(words == null ? "" : words, String.join(",", Words.split(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a 'b", "a \"b", "a\\", "\"a\\"})
  void whatIsOpenedMustBeClosed(String text) {
    assertThrows(ConfigException.class, () -> Words.split(text));
  }
}
