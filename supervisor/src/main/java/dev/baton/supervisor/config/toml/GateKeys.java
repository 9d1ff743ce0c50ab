package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Gate;
import java.time.Duration;
import java.util.Locale;

/** {@code [[service.NAME.ready.gate]]}: one of the things a worker has to pass. */
final class GateKeys {
  /** What is tried. */
  enum Type {
    TCP,
    HTTP,
    HTTPS,
    LOG,
    EXEC,
    WORKER
  }

  static final Key<Type> TYPE =
      Key.of("type", Forms.choice(Type.class))
          .otherwise("required")
          .doc(
              "`tcp`: takes a connection on each of its stream listeners. `http`, `https`: answers a"
                  + " request; any certificate will do. `log`: a line of its output matches. `exec`: a"
                  + " command exits with 0; it finds the private addresses of the worker in"
                  + " `BATON_FACES`, one a line. `worker`: it says so itself, by `Worker.ready()` of the"
                  + " SDK.")
          .example("\"http\"");

  static final Key<Duration> TIMEOUT =
      Key.of("timeout", Forms.SOME_TIME)
          .fallback("\"1s\"")
          .doc("tcp, http, https, exec: how long one try may take.")
          .example("\"5s\"");

  static final Key<Integer> PORT =
      Key.of("port", Forms.whole(1, 65535))
          .otherwise("the first tcp listener's")
          .doc("http, https: the listener whose private face is asked.")
          .example("8081");

  static final Key<String> PATH =
      Key.of("path", Forms.text("URL path", "/\\S*", GateKeys::path))
          .otherwise("required for http, https")
          .doc("http, https: what is asked for.")
          .example("\"/health\"");

  static final Key<String> METHOD =
      Key.of("method", Forms.text("HTTP method", "[A-Z]{1,20}", GateKeys::method))
          .fallback("\"GET\"")
          .doc("http, https: how it is asked.")
          .example("\"HEAD\"");

  static final Key<Gate.Statuses> STATUS =
      Key.of(
              "status",
              new Form<>(
                  "status, or a range of them",
                  "",
                  "\"anyOf\": [{\"type\": \"integer\", \"minimum\": 100, \"maximum\": 599}, {"
                      + Forms.text("", "[1-5]\\d\\d(-[1-5]\\d\\d)?", text -> text).schema()
                      + "}]",
                  value ->
                      Gate.Statuses.parse(
                          value.isText() ? value.text() : value.bareText("a status", "200"))))
          .fallback("\"200-399\"")
          .doc("http, https: the statuses that pass.")
          .example("\"200-299\"");

  static final Key<String> BODY =
      Key.of("body", Forms.PATTERN)
          .otherwise("any")
          .doc("http, https: what must be found in the answer.")
          .example("\"UP\"");

  static final Key<Integer> REPEATS =
      Key.of("repeats", Forms.whole(1, 1000).in("tries"))
          .fallback("1")
          .doc("http, https: how many tries in a row must pass.")
          .example("3");

  static final Key<String> PATTERN =
      Key.of("pattern", Forms.PATTERN)
          .otherwise("required for log")
          .doc("log: what must be found in a line.")
          .example("\"Started .* in\"");

  static final Key<ImmutableList<String>> COMMAND =
      Key.of("command", LaunchKeys.COMMAND_FORM)
          .otherwise("required for exec")
          .doc("exec: the program and its arguments.")
          .example("[\"/usr/local/bin/check-shop\", \"--quick\"]");

  static final Section SECTION =
      Section.one(
              "gate",
              "A gate in full, instead of `probe`; several have to be passed in their order.",
              TYPE,
              TIMEOUT,
              PORT,
              PATH,
              METHOD,
              STATUS,
              BODY,
              REPEATS,
              PATTERN,
              COMMAND)
          .shaped(Section.Shape.LIST);

  private GateKeys() {}

  /** Without those of which it is not known what they are. */
  static ImmutableList<Gate> read(ImmutableList<Table> gates) {
    ImmutableList.Builder<Gate> read = ImmutableList.builder();
    for (Table gate : gates) {
      gate.requireAny(TYPE).ifPresent(type -> read.add(read(type, gate)));
    }
    return read.build();
  }

  private static Gate read(Type type, Table gate) {
    refuseOthers(type, gate);
    Duration timeout = gate.get(TIMEOUT, Gate.DEFAULT_TIMEOUT);
    return switch (type) {
      case TCP -> new Gate.Tcp(timeout);
      case HTTP, HTTPS -> http(type == Type.HTTPS, timeout, gate);
      case LOG -> new Gate.Log(gate.require(PATTERN, ""));
      case EXEC -> new Gate.Exec(gate.require(COMMAND, ImmutableList.of()), timeout);
      case WORKER -> new Gate.Said();
    };
  }

  private static Gate http(boolean tls, Duration timeout, Table gate) {
    return new Gate.Http(
        tls,
        gate.get(PORT, 0),
        gate.require(PATH, "/"),
        gate.get(METHOD, "GET"),
        gate.get(STATUS, Gate.Statuses.GOOD),
        gate.get(BODY, ""),
        gate.get(REPEATS, 1),
        timeout);
  }

  private static void refuseOthers(Type type, Table gate) {
    ImmutableSet<Key<?>> its =
        switch (type) {
          case TCP -> ImmutableSet.of(TYPE, TIMEOUT);
          case HTTP, HTTPS ->
              ImmutableSet.of(TYPE, TIMEOUT, PORT, PATH, METHOD, STATUS, BODY, REPEATS);
          case LOG -> ImmutableSet.of(TYPE, PATTERN);
          case EXEC -> ImmutableSet.of(TYPE, TIMEOUT, COMMAND);
          case WORKER -> ImmutableSet.of(TYPE);
        };
    for (Key<?> key : SECTION.keys()) {
      if (!its.contains(key) && gate.has(key)) {
        String name = type.name().toLowerCase(Locale.ROOT);
        gate.complain(key, "is not for gates of type " + name + "; remove it");
      }
    }
  }

  private static String path(String text) throws ConfigException {
    if (!text.matches("/\\S*")) {
      throw new ConfigException("'" + text + "' is no path; write /health");
    }
    return text;
  }

  private static String method(String text) throws ConfigException {
    if (!text.matches("[A-Z]{1,20}")) {
      throw new ConfigException("'" + text + "' is no method; write GET, HEAD or POST");
    }
    return text;
  }
}
