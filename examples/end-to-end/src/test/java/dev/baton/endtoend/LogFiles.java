package dev.baton.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The files of a log: its archives, and the present one. */
record LogFiles(Path log) {
  /** The log of a service of a supervisor named {@code shop}. */
  static LogFiles of(Machine machine, String name) {
    return new LogFiles(machine.folder().resolve("state/shop/logs").resolve(name));
  }

  /** In the order in which they were written; the log itself is last. */
  List<Path> all() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> beside = Files.list(log.getParent())) {
      String archives = log.getFileName() + "-";
      beside.filter(file -> file.getFileName().toString().startsWith(archives)).forEach(files::add);
    }
    files.sort(null);
    files.add(log);
    return files;
  }

  /** Every line of every file. */
  void forEachLine(Consumer<String> reader) throws IOException {
    for (Path file : all()) {
      try (InputStream bytes = Files.newInputStream(file);
          InputStream plain = isCompressed(file) ? new GZIPInputStream(bytes) : bytes;
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
        lines.lines().forEach(reader);
      }
    }
  }

  static boolean isCompressed(Path file) {
    return file.toString().endsWith(".gz");
  }

  String text() throws IOException {
    StringBuilder text = new StringBuilder();
    forEachLine(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
