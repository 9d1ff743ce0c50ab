package dev.baton.supervisor.logs;

import dev.baton.supervisor.config.LogConfig;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a log is.
 *
 * @param service whose it is; {@link #ANY} where it does not matter
 * @param path of the file; with {@value LogConfig#WORKER} in its name each worker has one of its
 *     own
 */
public record LogPlace(String service, Path path) {
  public static final String ANY = "";

  /** In the place of an archive's time: the log itself. */
  static final String CURRENT = "";

  private static final String ARCHIVE = "(?:-(?<stamp>\\d{8}T\\d{6}\\.\\d{3}Z)(?<packed>\\.gz)?)?";

  /** Such as {@code g3-1.2} for the second attempt in slot 1. */
  private static final String WORKER = "\\.g\\d+-\\d+(?:\\.\\d+)?";

  /** Whether each worker has a file of its own. */
  public boolean isPerWorker() {
    return name().contains(LogConfig.WORKER);
  }

  private String name() {
    return path.getFileName().toString();
  }

  Path directory() {
    return path.resolveSibling("");
  }

  /**
   * All files there are, by the path of their log, then by the time they were archived at. The
   * value tells whether a file is there uncompressed.
   */
  NavigableMap<Path, NavigableMap<String, Boolean>> files() throws IOException {
    NavigableMap<Path, NavigableMap<String, Boolean>> files = new TreeMap<>();
    list(files);
    // What gets another name in the meantime may be missed once, but not twice: an archive is there
    // under its new name before it goes under the old one.
    list(files);
    return files;
  }

  private void list(NavigableMap<Path, NavigableMap<String, Boolean>> files) throws IOException {
    Pattern names = names();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory())) {
      for (Path one : all) {
        Matcher name = names.matcher(one.getFileName().toString());
        if (name.matches()) {
          String stamp = name.group("stamp");
          files
              .computeIfAbsent(path.resolveSibling(name.group("log")), log -> new TreeMap<>())
              .merge(
                  stamp == null ? CURRENT : stamp,
                  name.group("packed") == null,
                  Boolean::logicalOr);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing was written yet.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private Pattern names() {
    String worker = "\\E" + ofService() + WORKER + "\\Q";
    String log = "\\Q" + name().replace(LogConfig.WORKER, worker) + "\\E";
    return Pattern.compile("(?<log>" + log + ")" + ARCHIVE);
  }

  private String ofService() {
    return service.isEmpty() ? "[A-Za-z0-9_-]+" : Pattern.quote(service);
  }

  /**
   * Whether there may be lines of that generation in a log of this place.
   *
   * @param generation 0 for any
   */
  boolean hasLinesOf(Path log, int generation) {
    int start = name().indexOf(LogConfig.WORKER);
    if (generation == 0 || start < 0) {
      return true;
    }
    String worker = log.getFileName().toString().substring(start);
    return Pattern.compile(ofService() + "\\.g" + generation + "-").matcher(worker).lookingAt();
  }
}
