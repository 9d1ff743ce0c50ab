package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.ArchivePolicy;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.Staging;
import java.time.Duration;
import java.util.Map;

/** The keys of {@code [service.NAME]} that say how a worker is launched. */
final class LaunchKeys {
  static final Form<ImmutableList<String>> COMMAND_FORM =
      new Form<>(
              "array of strings, or a string",
              "",
              "\"anyOf\": [{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 1},"
                  + " {\"type\": \"string\", \"minLength\": 1}]",
              value -> value.isText() ? value.words() : Forms.listOf(Forms.STRING).read(value))
          .where(LaunchKeys::program);

  /** Relative to the file, so that it means the same wherever the supervisor is started. */
  private static final Form<String> PATH =
      new Form<>(
          "path",
          "",
          Forms.NOT_EMPTY.schema(),
          value -> {
            String path = Forms.NOT_EMPTY.read(value);
            return path.startsWith("/") ? path : value.reading().source().directory() + "/" + path;
          });

  static final Key<ImmutableList<String>> COMMAND =
      Key.of("command", COMMAND_FORM)
          .otherwise("required")
          .doc(
              "The program and its arguments. A string is split at white space, with quotes and"
                  + " backslashes as in a shell; nothing else that a shell does is done.")
          .example("[\"java\", \"-jar\", \"shop.jar\"]");

  static final Key<String> DIRECTORY =
      Key.of("directory", PATH)
          .otherwise("where the supervisor was started")
          .doc("Where the worker starts.")
          .example("\"/srv/shop\"");

  static final Key<ImmutableMap<String, String>> ENVIRONMENT =
      Key.of(
              "environment",
              new Form<ImmutableMap<String, String>>(
                  "table of strings",
                  "",
                  "\"type\": \"object\", \"propertyNames\": {\"pattern\":"
                      + " \"^[A-Za-z_][A-Za-z0-9_]*$\"}, \"additionalProperties\": {\"type\":"
                      + " \"string\"}",
                  LaunchKeys::environment))
          .fallback("{}")
          .doc("Variables added to the supervisor's, and over those of `environment-file`.")
          .example("{ MODE = \"prod\" }");

  static final Key<String> ENVIRONMENT_FILE =
      Key.of("environment-file", PATH)
          .otherwise("none")
          .doc("A file of lines `KEY=value`, read at every launch.")
          .example("\"/etc/shop.env\"");

  static final Key<String> JAVA_HOME =
      Key.of("java-home", PATH)
          .otherwise("what the supervisor inherited")
          .doc(
              "The JDK to run with: goes into `JAVA_HOME` and to the front of `PATH`, and a command"
                  + " that begins with `java` is found there.")
          .example("\"/usr/lib/jvm/java-17\"");

  static final Key<ImmutableList<String>> JVM_OPTIONS =
      Key.of("jvm-options", Forms.listOf(Forms.NOT_EMPTY))
          .fallback("[]")
          .doc(
              "Options for the JVM, given to it through `JAVA_TOOL_OPTIONS`. Unless the service says"
                  + " what happens at an OutOfMemoryError, `-XX:+ExitOnOutOfMemoryError` is among"
                  + " them.")
          .example("[\"-Xmx512m\"]");

  static final Key<String> USER =
      Key.of("user", Forms.text("user", "[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}", LaunchKeys::user))
          .otherwise("the supervisor's own")
          .doc(
              "Whom the worker runs as, by name or number. Only a supervisor of root's may switch.")
          .example("\"shop\"");

  static final Key<Staging> STAGE =
      Key.of(
              "stage",
              new Form<>(
                  "boolean, or an array of paths",
                  "",
                  "\"anyOf\": [{\"type\": \"boolean\"}, {\"type\": \"array\", \"items\":"
                      + " {\"type\": \"string\"}}, {\"type\": \"string\", \"pattern\":"
                      + " \"\\\\$\\\\{\"}]",
                  LaunchKeys::staging))
          .fallback("true")
          .doc(
              "Whether a generation runs on its own copy of the jars that the command names, so that"
                  + " new ones may be put in their place; with an array also of these files and"
                  + " directories, written as the command mentions them.")
          .example("[\"conf/shop.yaml\"]");

  static final Key<ArchivePolicy.Mode> STARTUP_ARCHIVE =
      Key.of("startup-archive", Forms.choice(ArchivePolicy.Mode.class))
          .fallback("\"auto\"")
          .doc(
              "Whether workers take the classes they load from an archive, where that is possible:"
                  + " for a command `java -jar …` or `java -cp …` of staged jars, as the supervisor's"
                  + " own user. It is made in the"
                  + " background of what the first worker has loaded, and used for the same jars, JVM"
                  + " and options only.")
          .example("\"off\"");

  static final Key<Duration> STARTUP_ARCHIVE_AFTER =
      Key.of("startup-archive-after", Forms.SOME_TIME)
          .fallback("\"30s\"")
          .doc("How long a worker has served when the archive is made of what it has loaded.")
          .example("\"2m\"");

  static final Key<Boolean> GENTLE_START =
      Key.of("gentle-start", Forms.BOOLEAN)
          .fallback("false")
          .doc(
              "Whether a worker that boots while another one of the service serves has a lower"
                  + " scheduling weight until it is ready, where that can be raised again. On a host"
                  + " that has nothing to spare a restart takes several times as long then.")
          .example("true");

  private LaunchKeys() {}

  static ArchivePolicy archive(Table service) {
    return new ArchivePolicy(
        service.get(STARTUP_ARCHIVE, ArchivePolicy.DEFAULT.mode()),
        service.get(STARTUP_ARCHIVE_AFTER, ArchivePolicy.DEFAULT.after()));
  }

  static Launch read(Table service) {
    return new Launch(
        service.require(COMMAND, ImmutableList.of()),
        service.get(DIRECTORY, ""),
        service.get(ENVIRONMENT, ImmutableMap.of()),
        service.get(ENVIRONMENT_FILE, ""),
        service.get(JAVA_HOME, ""),
        service.get(JVM_OPTIONS, ImmutableList.of()),
        service.get(USER, ""),
        service.get(STAGE, Staging.AUTO));
  }

  private static void program(ImmutableList<String> command) throws ConfigException {
    if (command.isEmpty() || command.get(0).isEmpty()) {
      throw new ConfigException("it names no program; write [\"java\", \"-jar\", \"app.jar\"]");
    }
  }

  private static ImmutableMap<String, String> environment(Value value) throws ConfigException {
    ImmutableMap.Builder<String, String> environment = ImmutableMap.builder();
    for (Map.Entry<String, Value> one : value.entries().entrySet()) {
      try {
        if (!one.getKey().matches("[A-Za-z_][A-Za-z0-9_]*")) {
          throw new ConfigException(
              "'" + one.getKey() + "' is no variable; use letters, digits and '_'");
        }
        environment.put(one.getKey(), one.getValue().text());
      } catch (ConfigException e) {
        one.getValue().complain(String.valueOf(e.getMessage()));
      }
    }
    return environment.buildOrThrow();
  }

  private static String user(String text) throws ConfigException {
    if (!text.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")) {
      throw new ConfigException("'" + text + "' is no user; write a name or a number");
    }
    return text;
  }

  private static Staging staging(Value value) throws ConfigException {
    if (value.toml() instanceof Boolean || value.isText()) {
      return Forms.BOOLEAN.read(value) ? Staging.AUTO : Staging.OFF;
    }
    return new Staging(true, Forms.listOf(Forms.NOT_EMPTY).read(value));
  }
}
