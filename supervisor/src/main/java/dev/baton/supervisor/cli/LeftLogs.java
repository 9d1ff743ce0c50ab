package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.LogConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The logs a supervisor has left where they are by default: they matter most when it is gone. */
final class LeftLogs {
  private static final String OWN = "supervisor";
  private static final Pattern NAME =
      Pattern.compile("(?<name>.+)\\.log(?:-\\d{8}T\\d{6}\\.\\d{3}Z(?:\\.gz)?)?");
  private static final Pattern WORKER = Pattern.compile("(?<service>.+)\\.g\\d+-\\d+(?:\\.\\d+)?");

  private LeftLogs() {}

  /** As a supervisor would tell of them. */
  static List<Message> in(Path folder) throws IOException {
    Set<String> shared = new TreeSet<>(); // a service before its named logs
    Set<Message> rows = new LinkedHashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        Matcher file = NAME.matcher(one.getFileName().toString());
        if (file.matches() && !file.group("name").equals(OWN)) {
          Matcher worker = WORKER.matcher(file.group("name"));
          if (worker.matches()) {
            rows.add(output(worker.group("service"), folder.resolve(LogConfig.WORKER + ".log")));
          } else {
            shared.add(file.group("name"));
          }
        }
      }
    }
    for (String name : shared) {
      rows.add(row(name, shared, folder.resolve(name + ".log")));
    }
    return new ArrayList<>(rows);
  }

  private static Message row(String name, Set<String> names, Path path) {
    for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
      if (names.contains(name.substring(0, dash))) {
        return output(name.substring(0, dash), path).with("name", name.substring(dash + 1));
      }
    }
    return output(name, path);
  }

  private static Message output(String service, Path path) {
    return Message.of(Verb.LOG)
        .with("service", service)
        .with("name", LogConfig.OUTPUT)
        .with("path", path);
  }
}
