package dev.baton.supervisor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressPatternTest {
  @ParameterizedTest(name = "{0} matches {1}: {2}")
  @CsvSource({
    "8080, 8080, true",
    "8080, 127.0.0.1:8080, true",
    "8080, 8081, false",
    "8080, udp:8080, false",
    "9000-9999, 9500, true",
    "9000-9999, 8999, false",
    "127.0.0.1:*, 127.0.0.1:80, true",
    "127.0.0.1:*, 80, false",
    "[::1]:80, [0:0:0:0:0:0:0:1]:80, true",
    "udp:*, udp:53, true",
    "unix:/run/app.sock, unix:/run/app.sock, true",
    "unix:/run/*, unix:/run/x/y.sock, true",
    "unix:/run/*, unix:/tmp/y.sock, false"
  })
  void whatIsLeftOutStandsForAny(String pattern, String address, boolean matches) throws Exception {
    assertEquals(matches, AddressPattern.parse(pattern).matches(Address.parse(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eighty", "0", "9-8", "70000", "1-70000", "unix:relative"})
  void othersAreRefused(String pattern) {
    assertThrows(ConfigException.class, () -> AddressPattern.parse(pattern));
  }
}
