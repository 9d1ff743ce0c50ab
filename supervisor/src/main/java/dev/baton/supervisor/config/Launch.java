package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/**
 * How the process of a worker is started. Two launches that are equal start the same thing, unless
 * files have changed.
 *
 * @param command the program and its arguments, without a shell
 * @param directory where it starts; empty for the supervisor's own
 * @param environment added to the supervisor's, and over what is in the file
 * @param environmentFile lines {@code KEY=value}, read at every launch; empty for none
 * @param javaHome put in front of {@code PATH} and into {@code JAVA_HOME}, and where a command that
 *     begins with {@code java} finds it; empty for what is inherited
 * @param jvmOptions given to the JVM through {@code JAVA_TOOL_OPTIONS}
 * @param user whom it runs as; empty for the supervisor's own
 * @param staging what of it is copied before each generation
 */
public record Launch(
    ImmutableList<String> command,
    String directory,
    ImmutableMap<String, String> environment,
    String environmentFile,
    String javaHome,
    ImmutableList<String> jvmOptions,
    String user,
    Staging staging) {

  /** This command and nothing else that is unusual. */
  public static Launch of(ImmutableList<String> command) {
    return new Launch(command, "", ImmutableMap.of(), "", "", ImmutableList.of(), "", Staging.AUTO);
  }
}
