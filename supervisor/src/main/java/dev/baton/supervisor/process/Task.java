package dev.baton.supervisor.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thread, as the scheduler sees it.
 *
 * @param name the first 15 letters
 * @param policy its number: 0 for the usual one
 */
record Task(long id, String name, int nice, int policy) {
  static final int BATCH = 3;

  /** In {@code /proc/PID/task/TID/stat}, counted from the field after the name. */
  private static final int NICE = 16;

  private static final int POLICY = 38;

  /** Those of a process; none if it is gone. */
  static List<Task> of(long pid) {
    List<Task> tasks = new ArrayList<>();
    Path folder = Path.of("/proc", Long.toString(pid), "task");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        Task task = read(one.resolve("stat"));
        if (task != null) {
          tasks.add(task);
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return tasks;
  }

  private static @Nullable Task read(Path file) {
    try {
      return parse(Files.readString(file, ISO_8859_1));
    } catch (IOException e) {
      return null; // it has ended
    }
  }

  static Task parse(String stat) {
    // The name may have any byte in it, spaces and brackets too.
    int end = stat.lastIndexOf(')');
    List<String> fields = Splitter.on(' ').splitToList(stat.substring(end + 2));
    return new Task(
        Long.parseLong(stat.substring(0, stat.indexOf(' '))),
        stat.substring(stat.indexOf('(') + 1, end),
        Integer.parseInt(fields.get(NICE)),
        Integer.parseInt(fields.get(POLICY)));
  }
}
