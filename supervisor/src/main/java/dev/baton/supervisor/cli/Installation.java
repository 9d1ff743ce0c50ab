package dev.baton.supervisor.cli;

import dev.baton.channel.NativeLibrary;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where our own files are. */
final class Installation {
  private Installation() {}

  /** Must run before the first connection that carries descriptors. */
  static void useNativeLibrary() throws URISyntaxException {
    NativeLibrary.useFrom(NativeLibrary.folderOf(jar()));
  }

  /** The script {@code baton} that has started us. */
  static Path launcher() throws URISyntaxException {
    Path folder = jar().getParent();
    while (folder != null && !isScript(folder.resolve("baton"))) {
      folder = folder.getParent();
    }
    return folder == null ? Path.of("/usr/local/bin/baton") : folder.resolve("baton");
  }

  private static boolean isScript(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static Path jar() throws URISyntaxException {
    return Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
