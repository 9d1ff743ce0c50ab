package dev.baton.endtoend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How an {@link Obedient} is launched and reached. */
final class ObedientServer {
  private ObedientServer() {}

  /** The command line; the program is left to the service's Java. */
  static List<String> command(String java, Path orders, String word, List<Integer> ports) {
    List<String> command =
        new ArrayList<>(
            Application.smallJvm(java, 64, "dev.baton.endtoend.Obedient", orders.toString(), word));
    ports.forEach(port -> command.add(port.toString()));
    return command;
  }

  static List<String> command(Path orders, String word, Integer... ports) {
    return command(Machine.java(), orders, word, List.of(ports));
  }

  static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
