package dev.baton.supervisor.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/** What the kernel knows a file by, whatever its path is by now: {@code DEV:INO}. */
final class FileIdentity {
  private FileIdentity() {}

  static String of(Path file, LinkOption... options) throws IOException {
    Map<String, Object> is = Files.readAttributes(file, "unix:dev,ino", options);
    return is.get("dev") + ":" + is.get("ino");
  }
}
