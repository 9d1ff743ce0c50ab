package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestTest {
  private static final ImmutableList<String> KNOWN =
      ImmutableList.<String>builder()
          .addAll(FileKeys.SECTION.names())
          .addAll(ServiceKeys.SECTION.names())
          .build();

  @ParameterizedTest
  @CsvSource({
    "serv1ce, service",
    "comand, command",
    "Workers, workers",
    "java_home, java-home",
    "javaHome, java-home",
    "envrionment, environment",
    "jvm-option, jvm-options",
    "lisen, listen",
    "tcp,",
    "x,",
    "completely-different,"
  })
  void nearestKeyIsWhatWasMeant(String written, String meant) {
    assertEquals(meant, Nearest.to(written, KNOWN));
  }
}
