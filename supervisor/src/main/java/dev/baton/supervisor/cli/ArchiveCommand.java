package dev.baton.supervisor.cli;

import dev.baton.supervisor.control.ExitCode;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What the launcher runs once to make the class-data archive: loads the classes that the other
 * commands need, so that the JVM writes them down when it exits.
 */
@Command(name = "self-archive", hidden = true)
final class ArchiveCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      loadAll(jar);
    }
    Main.commandLine().getSubcommands().values().forEach(CommandLine::getUsageMessage);
    try (ServerSocketChannel warm = ServerSocketChannel.open()) {
      warm.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
    return ExitCode.OK;
  }

  private static void loadAll(String jar) throws IOException {
    try (JarFile file = new JarFile(jar);
        Stream<JarEntry> entries = file.stream()) {
      entries
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .forEach(
              name -> load(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
    }
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, ArchiveCommand.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // Not needed by anybody, or found missing by whoever does.
    }
  }
}
