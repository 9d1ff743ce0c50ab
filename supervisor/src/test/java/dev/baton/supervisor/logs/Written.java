package dev.baton.supervisor.logs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/** Files of logs as a supervisor makes them. */
final class Written {
  private Written() {}

  static String mark(String minute, String worker, String state) {
    return "=== baton 2026-11-25T04:" + minute + ":00.000Z " + worker + " " + state + ": because\n";
  }

  static Path append(Path log, String text) throws IOException {
    return Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** The path of the archive of that minute. */
  static Path archive(Path log, String minute) {
    return log.resolveSibling(log.getFileName() + "-20261125T04" + minute + "00.000Z");
  }

  /** Makes the log an archive. */
  static Path rotate(Path log, String minute) throws IOException {
    return Files.move(log, archive(log, minute), StandardCopyOption.ATOMIC_MOVE);
  }

  static Path compress(Path archive) throws IOException {
    Path unfinished = archive.resolveSibling(archive.getFileName() + ".gz.tmp");
    Path packed = archive.resolveSibling(archive.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
      Files.copy(archive, out);
    }
    Files.setLastModifiedTime(unfinished, Files.getLastModifiedTime(archive));
    Files.move(unfinished, packed, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(archive);
    return packed;
  }

  /** Nobody has written to it after that minute. */
  static void untouchedSince(Path file, String minute) throws IOException {
    FileTime time = FileTime.from(Instant.parse("2026-11-25T04:" + minute + ":00Z"));
    Files.setLastModifiedTime(file, time);
  }
}
