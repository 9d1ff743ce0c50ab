package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.common.collect.Lists;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.Rotation;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The archives of a log, beside it under its name and the time of the rotation. Where each worker
 * of a service has a log of its own, the archives of all of them: there the log of a worker that is
 * gone is an archive too. For one thread at a time.
 */
public final class LogArchives {
  private static final Duration STEP = Duration.ofMillis(1);

  /** Such as {@code .g3-1.2} behind the name of the service. */
  private static final String WORKER = "\\.g\\d+-\\d+(?:\\.\\d+)?";

  private final Path log;
  private final Pattern names;
  private final Rotation policy;

  private LogArchives(Path log, Pattern names, Rotation policy) {
    this.log = log;
    this.names = names;
    this.policy = policy;
  }

  /** Those of one file. */
  public LogArchives(Path log, Rotation policy) {
    this(log, names(Pattern.quote(fileName(log))), policy);
    if (fileName(log).contains(LogConfig.WORKER)) {
      throw new IllegalArgumentException(log + " is no file but that of many workers");
    }
  }

  /**
   * Those of all workers of a service.
   *
   * @param pattern the path, with {@value LogConfig#WORKER} in the name of the file
   */
  public static LogArchives ofWorkers(Path pattern, String service, Rotation policy) {
    // Other services may have theirs in the same directory, under the same pattern.
    String worker = "\\E" + Pattern.quote(service) + WORKER + "\\Q";
    String quoted = "\\Q" + fileName(pattern).replace(LogConfig.WORKER, worker) + "\\E";
    return new LogArchives(pattern, names(quoted), policy);
  }

  private static Pattern names(String log) {
    return Pattern.compile("(?<log>" + log + ")" + LogArchive.ENDING);
  }

  private static String fileName(Path path) {
    return path.getFileName().toString();
  }

  /** The same, kept otherwise. */
  public LogArchives at(Rotation other) {
    return new LogArchives(log, names, other);
  }

  /** Makes the log an archive. */
  public Path retire(Instant now) throws ResourceException {
    return retire(log, now);
  }

  /**
   * Makes the log of a worker an archive: renames it, and nothing else. The name is that of the
   * time, or of the next millisecond that no archive of this log has, so that names are in the
   * order of the rotations, whatever the clock does.
   */
  public Path retire(Path one, Instant now) throws ResourceException {
    try {
      Instant at = now;
      for (LogArchive archive : find()) {
        if (archive.isRotated() && fileName(archive.log()).equals(fileName(one))) {
          Instant next = archive.at().plus(STEP);
          at = next.isAfter(at) ? next : at;
        }
      }
      return Files.move(one, LogArchive.path(one, at), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw LogErrors.explain("cannot rotate", one, directory(), e);
    }
  }

  /**
   * All there are, the oldest first. Of an archive in the middle of being compressed, or that
   * somebody was killed over, the uncompressed file. Where each worker has a log of its own, the
   * logs themselves as well, of those that are gone and of those that live.
   */
  public List<Path> all() throws IOException {
    return find().stream().map(LogArchive::file).toList();
  }

  /**
   * Compresses an archive that nobody writes to any more. It is lost at no instant, whatever
   * happens: it goes when its other form is complete, and on the disk.
   *
   * @return the compressed one; that of a log which was left behind has a time in its name, because
   *     a later worker may have the same name
   */
  public Path compress(Path archive) throws ResourceException {
    Matcher name = names.matcher(fileName(archive));
    if (!name.matches() || fileName(archive).equals(fileName(log))) {
      throw new IllegalArgumentException(archive + " is no archive of " + log);
    }
    try {
      if (name.group("packed") != null) {
        return archive;
      }
      return Compression.compress(name.group("time") == null ? retireLeft(archive) : archive);
    } catch (IOException e) {
      throw LogErrors.explain("cannot compress", archive, directory(), e);
    }
  }

  /**
   * Removes the archives that are too many, too large together, or too old, and what was left of
   * compressing. Not while one is compressed.
   *
   * @param kept neither removed nor counted: those that somebody has open, and the logs of workers
   *     that live
   */
  public void prune(Instant now, Set<Path> kept) throws ResourceException {
    try {
      deleteUnfinished();
      Set<Path> spared = new HashSet<>();
      for (Path one : kept) {
        spared.add(normal(one));
      }
      int count = 0;
      long bytes = 0;
      for (LogArchive archive : Lists.reverse(find())) {
        if (spared.contains(normal(archive.file())) || spared.contains(normal(archive.plain()))) {
          continue;
        }
        count++;
        bytes += archive.bytes();
        if (isTooMuch(count, bytes) || isTooOld(archive, now)) {
          archive.delete();
        }
      }
    } catch (IOException e) {
      throw LogErrors.explain("cannot remove archives of", log, directory(), e);
    }
  }

  private Path retireLeft(Path one) throws IOException {
    return retire(one, Files.getLastModifiedTime(one, NOFOLLOW_LINKS).toInstant());
  }

  private boolean isTooMuch(int count, long bytes) {
    return (policy.keep() > 0 && count > policy.keep())
        || (policy.keepBytes() > 0 && bytes > policy.keepBytes());
  }

  private boolean isTooOld(LogArchive archive, Instant now) {
    return !policy.keepFor().isZero() && archive.at().plus(policy.keepFor()).isBefore(now);
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private List<LogArchive> find() throws IOException {
    Map<Path, LogArchive> found = new HashMap<>();
    for (Path file : files()) {
      Matcher name = names.matcher(fileName(file));
      if (name.matches() && name.group("unfinished") == null && !file.equals(log)) {
        LogArchive archive = LogArchive.read(file, name);
        if (archive != null) {
          // Of two forms of one archive the plain one is sure to be what was written.
          found.merge(archive.plain(), archive, (one, two) -> one.isCompressed() ? two : one);
        }
      }
    }
    List<LogArchive> sorted = new ArrayList<>(found.values());
    sorted.sort(LogArchive.OLDEST_FIRST);
    return sorted;
  }

  private void deleteUnfinished() throws IOException {
    for (Path file : files()) {
      Matcher name = names.matcher(fileName(file));
      if (name.matches() && name.group("unfinished") != null) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path directory() {
    return log.resolveSibling("");
  }

  private List<Path> files() throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory())) {
      return Lists.newArrayList(all);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
