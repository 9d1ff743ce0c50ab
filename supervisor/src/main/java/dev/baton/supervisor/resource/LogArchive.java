package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A log that was rotated, or that its worker has left behind.
 *
 * @param log whose archive it is
 * @param file where it is
 * @param at when it was rotated; without that in its name, when it was written to last
 */
record LogArchive(Path log, Path file, Instant at, long bytes) {
  static final String COMPRESSED = ".gz";
  static final String UNFINISHED = ".gz.tmp";

  static final Comparator<LogArchive> OLDEST_FIRST =
      Comparator.comparing(LogArchive::at).thenComparing(LogArchive::file);

  /** What comes behind the name of the log. */
  static final String ENDING =
      "(?:-(?<time>\\d{8}T\\d{6}\\.\\d{3}Z)(?<packed>\\.gz(?<unfinished>\\.tmp)?)?)?";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * What it is, by its name; null when it is no file, is gone, or nobody can have named it so.
   *
   * @param name matches a log's name and {@link #ENDING}
   */
  static @Nullable LogArchive read(Path file, Matcher name) throws IOException {
    try {
      BasicFileAttributes is =
          Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
      String time = name.group("time");
      Instant at =
          time == null ? is.lastModifiedTime().toInstant() : TIME.parse(time, Instant::from);
      Path log = file.resolveSibling(name.group("log"));
      return is.isRegularFile() ? new LogArchive(log, file, at, is.size()) : null;
    } catch (NoSuchFileException | DateTimeException e) {
      return null;
    }
  }

  /** The path of an archive. */
  static Path path(Path log, Instant at) {
    return log.resolveSibling(log.getFileName() + "-" + TIME.format(at));
  }

  /** Whether it has a name of its own; else it is the log itself, which its worker has left. */
  boolean isRotated() {
    return !file.equals(log);
  }

  boolean isCompressed() {
    return file.toString().endsWith(COMPRESSED);
  }

  /** Where it was before it was compressed. */
  Path plain() {
    String name = file.getFileName().toString();
    return isCompressed()
        ? file.resolveSibling(name.substring(0, name.length() - COMPRESSED.length()))
        : file;
  }

  /** Removes it; both of it when somebody was killed after compressing it. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
    if (isRotated()) {
      Files.deleteIfExists(file.resolveSibling(plain().getFileName() + COMPRESSED));
    }
  }
}
