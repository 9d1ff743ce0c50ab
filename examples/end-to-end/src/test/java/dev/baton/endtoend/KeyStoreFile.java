package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A key for {@code localhost} that only these tests know. */
record KeyStoreFile(Path file) {
  static final String PASSWORD = "baton-tests";

  static KeyStoreFile make(Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Command command =
        Command.run(
            folder,
            Map.of(),
            List.of(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "baton",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
    assertEquals(0, command.exit(), () -> command.out() + command.err());
    return new KeyStoreFile(file);
  }

  /** For a server that looks where the JDK does. */
  List<String> options() {
    return List.of(
        "-Djavax.net.ssl.keyStore=" + file, "-Djavax.net.ssl.keyStorePassword=" + PASSWORD);
  }
}
