package dev.baton.supervisor.cli;

import dev.baton.channel.NativeLibrary;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where our own files are. */
final class Installation {
  private Installation() {}

  /** Must run before the first connection that carries descriptors. */
  static void useNativeLibrary() throws URISyntaxException {
    Path jar =
        Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    NativeLibrary.useFrom(jar.resolveSibling("../native/lib").normalize());
  }
}
