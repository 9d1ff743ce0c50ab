package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ServiceConfig;
import java.util.Objects;

/** Texts and what comes of them. */
final class Texts {
  static final Source SOURCE =
      new Source(
          "baton.toml",
          "/etc/baton",
          "host",
          ImmutableMap.of("HOME", "/root", "PORT", "9090", "EMPTY", "", "SPACED", "a b"));

  private Texts() {}

  static Config parse(String text) throws ConfigException {
    return ConfigParser.parse(text, SOURCE);
  }

  /** The service called web in a text of that service alone. */
  static ServiceConfig web(String keys) throws ConfigException {
    return service(parse("[service.web]\ncommand = \"java\"\n" + keys), "web");
  }

  static ServiceConfig service(Config config, String name) {
    return Objects.requireNonNull(config.services().get(name));
  }

  static ImmutableList<String> problems(String text) {
    ConfigException e = assertThrows(ConfigException.class, () -> parse(text), text);
    return String.valueOf(e.getMessage()).lines().collect(ImmutableList.toImmutableList());
  }
}
