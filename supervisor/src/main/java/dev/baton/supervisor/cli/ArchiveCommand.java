package dev.baton.supervisor.cli;

import dev.baton.supervisor.control.ExitCode;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * What the launcher runs once to make the class-data archive: loads the classes that the commands
 * need, and supervises something for three seconds, so that the JVM writes down at its exit what is
 * made at run time too. Whatever goes wrong, the archive is only less complete.
 */
@Command(name = "self-archive", hidden = true)
final class ArchiveCommand implements Callable<Integer> {
  /** Commands that may take a moment longer: the supervisor would carry them in its memory. */
  private static final String SELDOM =
      ".*/(Audit|Check|Completion|ConfigFile|Diagnose|Doctor|Finding|History|Host|LeftLogs|Logs|OutputFollower"
          + "|Reload|Reset|Rollback|Rotate|Scale|Since|Unit|Upgrade).*";

  @Override
  public Integer call() throws Exception {
    for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      loadAll(jar);
    }
    Rehearsal.run();
    return ExitCode.OK;
  }

  private static void loadAll(String jar) throws IOException {
    try (JarFile file = new JarFile(jar);
        Stream<JarEntry> entries = file.stream()) {
      entries
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class") && isOurs(name))
          .forEach(
              name -> load(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
    }
  }

  /**
   * Only what commands need that speak with a supervisor: the rest is loaded by the rehearsal, and
   * what nobody loads would take memory all the same.
   */
  private static boolean isOurs(String name) {
    return name.startsWith("dev/baton/supervisor/cli/") && !name.matches(SELDOM);
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, ArchiveCommand.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // Not needed by anybody, or found missing by whoever does.
    }
  }
}
