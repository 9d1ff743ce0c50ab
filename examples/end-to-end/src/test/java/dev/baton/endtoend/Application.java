package dev.baton.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link Misbehaving} server whose next version the test decides. */
final class Application {
  private final Path orders;
  private final List<Integer> ports;

  private Application(Path orders, List<Integer> ports) {
    this.orders = orders;
    this.ports = ports;
  }

  static Application of(Machine machine, int howManyPorts) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < howManyPorts; i++) {
      ports.add(Machine.freePort());
    }
    Path orders = machine.folder().resolve("orders");
    Files.writeString(orders, "");
    return new Application(orders, ports);
  }

  /** What the versions started from now on do. */
  void nextVersion(String order) throws IOException {
    Files.writeString(orders, order);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(0));
  }

  List<String> command() {
    List<String> command =
        new ArrayList<>(smallJvm(64, "dev.baton.endtoend.Misbehaving", orders.toString()));
    ports.forEach(port -> command.add(port.toString()));
    return command;
  }

  /**
   * Runs a class of these tests, in a JVM that starts fast and leaves the machine to others.
   *
   * @param mebibytes of heap at most
   */
  static List<String> smallJvm(int mebibytes, String main, String... arguments) {
    return smallJvm(Machine.java(), mebibytes, main, arguments);
  }

  /** The same, of another JDK. */
  static List<String> smallJvm(String java, int mebibytes, String main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java,
                "-Xmx" + mebibytes + "m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes(),
                main));
    command.addAll(List.of(arguments));
    return command;
  }

  static String classes() {
    return Machine.root().resolve("examples/end-to-end/target/test-classes").toString();
  }
}
