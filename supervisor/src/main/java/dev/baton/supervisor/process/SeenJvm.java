package dev.baton.supervisor.process;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.JavaCommand;
import dev.baton.supervisor.config.Launch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that a launch starts itself, so that all its options are seen.
 *
 * @param options before its jar or main class, wherever they come from
 */
record SeenJvm(JavaCommand command, ImmutableList<String> options) {
  /** With one of these a service has its own way to get classes, or one that we do not see. */
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
          "-Xbootclasspath",
          "-Djava.system.class.loader",
          "--module-path",
          "--patch-module",
          "--upgrade-module-path",
          "--limit-modules",
          "@");

  /** The variables by which a JVM, or its launcher, gets further options. */
  private static final ImmutableList<String> VARIABLES =
      ImmutableList.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");

  private static final Splitter WORDS = Splitter.on(CharMatcher.whitespace()).omitEmptyStrings();

  /**
   * The JVM of a launch.
   *
   * @param environment of the worker
   * @return null when something else is started: a script, {@code env}
   */
  static @Nullable SeenJvm of(Launch launch, Map<String, String> environment) {
    JavaCommand command = JavaCommand.of(launch.command());
    if (command == null || command.program() != 0) {
      return null;
    }
    ImmutableList.Builder<String> options = ImmutableList.builder();
    for (String variable : VARIABLES) {
      options.addAll(WORDS.split(environment.getOrDefault(variable, "")));
    }
    options.addAll(launch.jvmOptions());
    options.addAll(launch.command().subList(1, command.end()));
    return new SeenJvm(command, options.build());
  }

  /** Whether it loads classes as JVMs do that are told nothing about it but a class path. */
  boolean isPlain() {
    for (String option : options) {
      if (option.equals("-p") || isOneOf(OF_ITS_OWN, option)) {
        return false;
      }
    }
    return true;
  }

  static boolean isOneOf(List<String> beginnings, String option) {
    for (String beginning : beginnings) {
      if (option.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }
}
