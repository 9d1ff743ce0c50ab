package dev.baton.agent;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor tells a worker before it can speak to it.
 *
 * @param attach the socket to connect to
 * @param token proves that we are the process it started, or a descendant; good for one attach
 * @param heldPaths unix sockets the supervisor holds already: nobody may remove their paths
 * @param orphanMillis how long to serve without any supervisor; 0 for ever
 * @param lingerMillis how long connections may take to end after that
 */
record Environment(
    Path attach, String token, Set<String> heldPaths, long orphanMillis, long lingerMillis) {
  static final String ATTACH = "BATON_ATTACH";
  static final String TOKEN = "BATON_TOKEN";
  static final String HELD_PATHS = "BATON_HELD_PATHS";
  static final String ORPHAN = "BATON_ORPHAN_MILLIS";
  static final String LINGER = "BATON_LINGER_MILLIS";

  /** Null when this JVM is no worker. */
  static @Nullable Environment from(Map<String, String> variables) {
    String attach = variables.get(ATTACH);
    String token = variables.get(TOKEN);
    if (attach == null || token == null) {
      return null;
    }
    String held = variables.getOrDefault(HELD_PATHS, "");
    return new Environment(
        Path.of(attach),
        token,
        held.isEmpty() ? Set.of() : Set.of(held.split("\n")),
        millis(variables, ORPHAN),
        millis(variables, LINGER));
  }

  private static long millis(Map<String, String> variables, String name) {
    String written = variables.get(name);
    return written == null || written.isEmpty() ? 0 : Long.parseLong(written);
  }
}
