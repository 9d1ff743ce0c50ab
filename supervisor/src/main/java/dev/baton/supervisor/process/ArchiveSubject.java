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
 * @param classPath as the JVM is told it
 * @param key the same only for what the same archive is good for
 */
record ArchiveSubject(Path java, ImmutableList<String> options, String classPath, String key) {
  /** A service with one of these has an archive of its own, or none is possible. */
  private static final ImmutableList<String> OF_ITS_OWN =
      ImmutableList.of(
          "-Xshare",
          "-XX:SharedArchiveFile",
          "-XX:SharedClassListFile",
          "-XX:DumpLoadedClassList",
          "-XX:ArchiveClassesAtExit",
          "-XX:+AutoCreateSharedArchive",
          "-XX:AOT",
          "-XX:Flags",
          "-XX:VMOptionsFile",
          "-Djava.system.class.loader",
          "--module-path",
          "--patch-module",
          "--upgrade-module-path",
          "--limit-modules",
          "@");

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
   * @return null when its JVM cannot be seen, is another than HotSpot, or runs on what is no copy
   */
  static @Nullable ArchiveSubject of(Launch launch, Path copy, Map<String, String> environment)
      throws IOException, ConfigException {
    JavaCommand command = JavaCommand.of(launch.command());
    if (command == null
        || command.code().isEmpty()
        || command.program() != 0
        || isModule(launch.command(), command.end())) {
      return null;
    }
    JavaCommand.Code code = command.code().get(command.code().size() - 1);
    List<String> options = new ArrayList<>(inherited(environment));
    options.addAll(launch.jvmOptions());
    options.addAll(launch.command().subList(1, command.end()));
    boolean own =
        options.contains("-p") || options.stream().anyMatch(word -> isOneOf(OF_ITS_OWN, word));
    Path java = Path.of(LaunchCheck.program(launch, environment)).toRealPath();
    Path home = java.resolve("../..").normalize();
    if (own || !isHotSpot(home) || !isOfJars(code.value(), copy)) {
      return null;
    }
    return new ArchiveSubject(
        java,
        options.stream()
            .filter(word -> isOneOf(THAT_COUNT, word))
            .collect(ImmutableList.toImmutableList()),
        code.value(),
        String.join("\n", options) + "\n" + code.value() + "\n" + identity(home));
  }

  private static boolean isModule(List<String> command, int end) {
    return end >= command.size() || command.get(end).startsWith("-");
  }

  /** The variables by which a JVM, or its launcher, gets further options. */
  private static List<String> inherited(Map<String, String> environment) {
    return Stream.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")
        .flatMap(name -> Stream.of(environment.getOrDefault(name, "").split("\\s+")))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static boolean isOneOf(List<String> beginnings, String word) {
    return beginnings.stream().anyMatch(word::startsWith);
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
    words.addAll(List.of(more));
    words.add("-cp");
    words.add(classPath);
    return words;
  }
}
