package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs are told. */
final class JsonTest {
  @Test
  void membersStandInTheOrderOfTheMap() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("worker", "shop.g1/0");
    fields.put("pid", "4711");

    assertEquals("{\"worker\": \"shop.g1/0\", \"pid\": 4711}", Json.object(fields));
    assertEquals("{}", Json.object(Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "7", "999999999999999999", "-999999999999999999"})
  void numbersAreNumbers(String text) {
    assertEquals("\"pid\": " + text, Json.members(Map.of("pid", text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "007", "-01", "1.5", "1e3", "+1", "1000000000000000000", "x", "٣"})
  void whatIsNoNumberIsNotGivenAsOne(String text) {
    assertEquals("\"pid\": null", Json.members(Map.of("pid", text)));
  }

  @Test
  void serviceThatIsCalled42IsNoNumber() {
    assertEquals("\"service\": \"42\"", Json.members(Map.of("service", "42")));
  }

  @Test
  void quotesAndControlCharactersAreEscaped() {
    assertEquals("\"a\\\"b\\\\c\\u0001\\u000aé\"", Json.string("a\"b\\c\u0001\né"));
  }
}
