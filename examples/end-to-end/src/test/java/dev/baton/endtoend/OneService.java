package dev.baton.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A supervisor named {@code shop} that runs a file with one service in it, {@code web}. */
final class OneService {
  private OneService() {}

  /**
   * Starts it and waits until all its workers serve.
   *
   * @param keys lines of the service's table
   */
  static Supervisor start(Machine machine, List<String> command, int workers, String... keys)
      throws Exception {
    List<String> lines = new ArrayList<>(List.of("name = \"shop\"", "[service.web]"));
    lines.add("command = " + array(command));
    lines.add("workers = " + workers);
    // How much this machine has left is not what these tests are about.
    lines.add("restart.memory = \"ignore\"");
    lines.addAll(List.of(keys));
    Supervisor supervisor = machine.start(List.of("-f", write(machine, lines).toString()));
    supervisor.awaitServing();
    Await.until("all serve", () -> supervisor.count(" serving: ") == workers);
    return supervisor;
  }

  private static Path write(Machine machine, List<String> lines) throws IOException {
    return Files.write(file(machine), lines);
  }

  /** Where it is written. */
  static Path file(Machine machine) {
    return machine.folder().resolve("baton.toml");
  }

  private static String array(List<String> command) {
    return command.stream()
        .map(word -> '"' + word + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
