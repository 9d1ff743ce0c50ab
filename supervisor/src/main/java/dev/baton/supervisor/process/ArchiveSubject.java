package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import dev.baton.agent.LoadClasses;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.JavaCommand;
import dev.baton.supervisor.config.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a class-data archive is made of and for: a JVM, its options, and a class path of copies.
 *
 * @param java the program
 * @param options of the JVM that have to be the same when the archive is made
 * @param bootPath the option by which our agent's libraries come before it; empty if there are none
 * @param classPath as the JVM is told it
 * @param key the same only for what the same archive is good for
 */
record ArchiveSubject(
    Path java,
    ImmutableList<String> options,
    ImmutableList<String> bootPath,
    String classPath,
    String key) {
  /** What an archive depends on: the shape of objects, and which collector there is for them. */
  private static final ImmutableList<String> THAT_COUNT =
      ImmutableList.of(
          "-Xmx",
          "-Xms",
          "-XX:+Unlock",
          "-XX:+UseSerialGC",
          "-XX:+UseParallelGC",
          "-XX:+UseG1GC",
          "-XX:+UseZGC",
          "-XX:+UseShenandoahGC",
          "-XX:+UseEpsilonGC",
          "-XX:MaxRAM",
          "-XX:MaxHeapSize",
          "-XX:InitialHeapSize",
          "-XX:ObjectAlignmentInBytes",
          "-XX:+UseCompactObjectHeaders",
          "-XX:-UseCompressed",
          "-XX:+UseCompressed");

  /**
   * Finds out whether there can be an archive for it.
   *
   * @param launch on copies
   * @param copy where those are
   * @param environment of the worker
   * @param bootPath what its JVM will have before its class path
   * @return null when its JVM cannot be seen, is another than HotSpot, or runs on what is no copy
   */
  static @Nullable ArchiveSubject of(
      Launch launch, Path copy, Map<String, String> environment, BootPath bootPath)
      throws IOException, ConfigException {
    SeenJvm jvm = SeenJvm.of(launch, environment);
    if (jvm == null
        || !jvm.isPlain()
        || jvm.command().code().isEmpty()
        || isModule(launch.command(), jvm.command().end())) {
      return null;
    }
    ImmutableList<JavaCommand.Code> paths = jvm.command().code();
    String classPath = paths.get(paths.size() - 1).value();
    Path java = Path.of(LaunchCheck.program(launch, environment)).toRealPath();
    Path home = java.resolve("../..").normalize();
    if (!isHotSpot(home) || !isOfJars(classPath, copy)) {
      return null;
    }
    return new ArchiveSubject(
        java,
        jvm.options().stream()
            .filter(option -> SeenJvm.isOneOf(THAT_COUNT, option))
            .collect(ImmutableList.toImmutableList()),
        bootPath.option(),
        classPath,
        String.join("\n", jvm.options())
            + "\n"
            + bootPath.identity()
            + classPath
            + "\n"
            + identity(home));
  }

  private static boolean isModule(List<String> command, int end) {
    return end >= command.size() || command.get(end).startsWith("-");
  }

  /** It has archives, and is built with one. */
  private static boolean isHotSpot(Path home) {
    return Files.exists(home.resolve("lib/server/classes.jsa"))
        && Files.exists(home.resolve("lib/modules"));
  }

  /** Directories cannot be archived; and of what is no copy nobody knows when it changes. */
  private static boolean isOfJars(String classPath, Path copy) {
    return Stream.of(classPath.split(":", -1))
        .allMatch(
            element ->
                element.startsWith(copy + "/")
                    && (element.endsWith("/*") || Files.isRegularFile(Path.of(element))));
  }

  private static String identity(Path home) throws IOException {
    Path modules = home.resolve("lib/modules");
    Path release = home.resolve("release");
    return home
        + " "
        + Files.size(modules)
        + " "
        + Files.getLastModifiedTime(modules)
        + "\n"
        + (Files.exists(release) ? Files.readString(release) : "");
  }

  /** The command that makes the archive of the classes in the list, and runs nothing of it. */
  List<String> dump(Path list, Path archive) {
    return command(
        "-Xshare:dump", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + archive);
  }

  /**
   * The command that fails if a JVM like the worker's cannot use the archive: loads all classes of
   * the list, with an agent, which has the JVM look for the bytes of each.
   */
  List<String> trial(Path list, Path archive, Path agent) {
    List<String> trial =
        command("-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-javaagent:" + agent);
    trial.add(LoadClasses.class.getName());
    trial.add(list.toString());
    return trial;
  }

  private List<String> command(String... more) {
    List<String> words = new ArrayList<>();
    words.add(java.toString());
    words.addAll(options);
    words.addAll(bootPath);
    words.addAll(List.of(more));
    words.add("-cp");
    words.add(classPath);
    return words;
  }
}
