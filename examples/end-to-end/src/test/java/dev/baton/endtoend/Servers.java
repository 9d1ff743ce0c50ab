package dev.baton.endtoend;

import java.util.ArrayList;
import java.util.List;

/** The command lines of the example servers, none of which knows of Baton. */
final class Servers {
  private static final String PACKAGE = "dev.baton.examples.servers.";

  private Servers() {}

  /** Such as {@code NettyServer}, then its arguments. */
  static List<String> command(String server, String... arguments) {
    String target = Machine.root().resolve("examples/servers/target").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                Machine.java(),
                "-Xmx128m",
                // As Tomcat's own script has it: else it complains now and then when it stops.
                "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED",
                "-cp",
                target + "/classes:" + target + "/lib/*",
                PACKAGE + server));
    command.addAll(List.of(arguments));
    return command;
  }

  /** {@code baton run} arguments: the options, then the command behind the two dashes. */
  static List<String> run(List<String> options, List<String> command) {
    List<String> arguments = new ArrayList<>(options);
    arguments.add("--");
    arguments.addAll(command);
    return arguments;
  }
}
