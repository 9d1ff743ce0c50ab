package dev.baton.supervisor.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the file of a program is. */
final class Programs {
  private Programs() {}

  /**
   * As a process that was started in the directory with this {@code PATH} would find it.
   *
   * @return null when there is none that can be executed
   */
  static @Nullable Path find(String program, Path directory, String path) {
    if (program.indexOf('/') >= 0) {
      Path file = directory.resolve(program);
      return isProgram(file) ? file : null;
    }
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path file = directory.resolve(folder).resolve(program);
      if (isProgram(file)) {
        return file;
      }
    }
    return null;
  }

  /** Whether we would find it ourselves. */
  static boolean isThere(String program) {
    return find(program, Path.of(""), ownPath()) != null;
  }

  static String ownPath() {
    String path = System.getenv("PATH");
    return path == null ? "" : path;
  }

  private static boolean isProgram(Path file) {
    return Files.isExecutable(file) && !Files.isDirectory(file);
  }
}
