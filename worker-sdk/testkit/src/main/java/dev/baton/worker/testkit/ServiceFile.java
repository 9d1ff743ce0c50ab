package dev.baton.worker.testkit;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The configuration of a supervisor with one service.
 *
 * @param main the class a worker runs
 * @param keys further lines of the service's table
 */
record ServiceFile(
    String main,
    List<String> arguments,
    Map<String, InetSocketAddress> addresses,
    List<String> keys) {

  /**
   * Its lines.
   *
   * @param temp the temporary directory of the workers
   */
  List<String> lines(Path temp) {
    List<String> command = new ArrayList<>(List.of(Jvm.java(), Jvm.tempOption(temp)));
    command.addAll(List.of("-cp", Jvm.classPath(), main));
    command.addAll(arguments);
    List<String> lines = new ArrayList<>(List.of("name = \"test\"", "[service.worker]"));
    lines.add(
        command.stream()
            .map(ServiceFile::quoted)
            .collect(Collectors.joining(", ", "command = [", "]")));
    // Nobody overwrites the class path of a running test: copies of it would only take time.
    lines.add("stage = false");
    // How much memory a build machine has left is not what these tests are about.
    lines.add("restart.memory = \"ignore\"");
    addresses.forEach(
        (name, address) -> lines.add("listener." + name + ".address = " + quoted(text(address))));
    lines.addAll(keys);
    return lines;
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** A string as TOML has it, in which nothing is a variable: nested classes have a dollar. */
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$") + '"';
  }
}
