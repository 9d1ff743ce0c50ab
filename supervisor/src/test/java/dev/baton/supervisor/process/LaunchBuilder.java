package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.Staging;
import java.nio.file.Path;
import java.util.Map;

/** Launches for tests, of which each has one or two unusual parts. */
final class LaunchBuilder {
  private final ImmutableList<String> command;
  private String directory = "";
  private ImmutableMap<String, String> environment = ImmutableMap.of();
  private String environmentFile = "";
  private String javaHome = "";
  private ImmutableList<String> jvmOptions = ImmutableList.of();
  private String user = "";

  LaunchBuilder(String... command) {
    this.command = ImmutableList.copyOf(command);
  }

  LaunchBuilder directory(Path value) {
    directory = value.toString();
    return this;
  }

  LaunchBuilder environment(Map<String, String> value) {
    environment = ImmutableMap.copyOf(value);
    return this;
  }

  LaunchBuilder environmentFile(Path value) {
    environmentFile = value.toString();
    return this;
  }

  LaunchBuilder javaHome(Path value) {
    javaHome = value.toString();
    return this;
  }

  LaunchBuilder jvmOptions(String... value) {
    jvmOptions = ImmutableList.copyOf(value);
    return this;
  }

  LaunchBuilder user(String value) {
    user = value;
    return this;
  }

  Launch build() {
    return new Launch(
        command, directory, environment, environmentFile, javaHome, jvmOptions, user, Staging.AUTO);
  }
}
