package dev.baton.examples.benchmarks;

import java.io.IOException;

/**
 * A service that runs the {@link Shop} from its jar.
 *
 * @param more lines of its table
 */
record JarService(String name, int port, String more) {
  static JarService of(String name, String... more) throws IOException {
    return new JarService(name, Supervised.freePort(), String.join("\n", more));
  }

  String configuration() throws IOException {
    return String.join(
        "\n",
        "[service." + name + "]",
        "command = " + Supervised.toml(Supervised.jarCommand(Shop.class, Integer.toString(port))),
        "restart.park = \"0s\"",
        more,
        "");
  }
}
