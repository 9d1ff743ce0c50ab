package dev.baton.supervisor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "8080, tcp:*:8080",
    "*:8080, tcp:*:8080",
    "0.0.0.0:8080, tcp:*:8080",
    "[::]:8080, tcp:*:8080",
    "127.0.0.1:80, tcp:127.0.0.1:80",
    "[::1]:8080, tcp:[::1]:8080",
    "[0:0:0:0:0:0:0:1]:8080, tcp:[::1]:8080",
    "tcp:[::1]:8080, tcp:[::1]:8080",
    "udp:5353, udp:*:5353",
    "unix:/run/app.sock, unix:/run/app.sock"
  })
  void addressHasOneName(String written, String name) throws Exception {
    assertEquals(name, Address.parse(written).toString());
    assertEquals(Address.parse(written), Address.parse(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"eighty", "", "unix:relative", "http:80", "1.2.3.4", "::1:80:"})
  void nonsenseIsAnsweredWithExamples(String written) {
    ConfigException e = assertThrows(ConfigException.class, () -> Address.parse(written));

    assertTrue(String.valueOf(e.getMessage()).contains("; write 8080, 127.0.0.1:8080"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "99999"})
  void impossiblePortIsNamed(String written) {
    ConfigException e = assertThrows(ConfigException.class, () -> Address.parse(written));

    assertTrue(String.valueOf(e.getMessage()).contains("not between 1 and 65535"));
  }

  @ParameterizedTest
  @CsvSource({
    "none, []",
    "tcp, [tcp]",
    "http:/health, [http:/health]",
    "https:8443/health, [https:8443/health]",
    "http:8081/health?deep=1, [http:8081/health?deep=1]"
  })
  void probeIsReadAsItIsWritten(String written, String shown) throws Exception {
    assertEquals(shown, Gate.parse(written).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "http:health", "ftp:/x", "TCP"})
  void otherProbesAreRefused(String written) {
    assertThrows(ConfigException.class, () -> Gate.parse(written));
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "30s, 30000", "5m, 300000", "1h, 3600000"})
  void durationHasAUnit(String written, long millis) throws Exception {
    assertEquals(millis, Durations.parse(written).toMillis());
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "s", "-1s", "1.5s", "1d"})
  void durationWithoutAUnitIsRefused(String written) {
    assertThrows(ConfigException.class, () -> Durations.parse(written));
  }

  @Test
  void serviceIsNamedAfterWhatItRuns() {
    assertEquals("shop", ServiceConfig.nameFor(List.of("java", "-jar", "/srv/shop-1.2.3.jar")));
    assertEquals("catalina", ServiceConfig.nameFor(List.of("bin/catalina.sh", "run")));
    assertEquals("app", ServiceConfig.nameFor(List.of("/usr/bin/java", "-cp", "x", "Main")));
  }
}
