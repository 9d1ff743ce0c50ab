package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.WarmUp;
import java.time.Duration;
import java.util.Map;

/** {@code [service.NAME.ready.warm-up]}: what makes a new worker fast before it gets clients. */
final class WarmUpKeys {
  /** How it is asked. */
  enum Scheme {
    HTTP,
    HTTPS
  }

  /** As RFC 9110 has it. */
  private static final String HEADER_NAME = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

  private static final Form<ImmutableList<String>> LIST = Forms.listOf(GateKeys.PATH.form());

  static final Key<ImmutableList<String>> PATHS =
      Key.of(
              "paths",
              new Form<>(LIST.type(), "", LIST.schema() + ", \"minItems\": 1", WarmUpKeys::paths))
          .otherwise("required")
          .doc("What is asked for, one after the other and again from the first.")
          .example("[\"/\", \"/search?q=a\"]");

  static final Key<Scheme> SCHEME =
      Key.of("scheme", Forms.choice(Scheme.class))
          .fallback("\"http\"")
          .doc("`http` or `https`; any certificate will do.")
          .example("\"https\"");

  static final Key<Integer> PORT =
      Key.of("port", GateKeys.PORT.form())
          .otherwise("the first tcp listener's")
          .doc("The listener whose private face is asked.")
          .example("8443");

  static final Key<String> METHOD =
      Key.of("method", GateKeys.METHOD.form())
          .fallback("\"GET\"")
          .doc(
              "How it is asked. The requests are real ones: ask for nothing that changes anything.")
          .example("\"POST\"");

  static final Key<ImmutableMap<String, String>> HEADERS =
      Key.of(
              "headers",
              new Form<ImmutableMap<String, String>>(
                  "table of strings",
                  "",
                  "\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}",
                  WarmUpKeys::headers))
          .fallback("{}")
          .doc("Sent with each request, besides `Host`, `User-Agent`, `Accept` and the length.")
          .example("{ Authorization = \"Bearer ${WARM_UP_TOKEN:-none}\" }");

  static final Key<String> BODY =
      Key.of("body", Forms.NOT_EMPTY)
          .otherwise("none")
          .doc("Sent with each request; with a method such as `POST`.")
          .example("'{\"q\": \"a\"}'");

  static final Key<Integer> CONCURRENCY =
      Key.of("concurrency", Forms.whole(1, 64).in("connections"))
          .fallback("2")
          .doc("How many requests are under way at a time, one after the other on each connection.")
          .example("4");

  static final Key<Duration> TIMEOUT =
      Key.of("timeout", Forms.SOME_TIME)
          .fallback("\"30s\"")
          .doc(
              "When it is over the worker gets its clients, settled or not. A worker that has"
                  + " answered nothing until then has failed.")
          .example("\"2m\"");

  static final Section SECTION =
      Section.one(
          "warm-up",
          "Requests to a new worker that has passed its gates, on its private face and by a process"
              + " of its own, until its latency has settled; then it gets clients.",
          PATHS,
          SCHEME,
          PORT,
          METHOD,
          HEADERS,
          BODY,
          CONCURRENCY,
          TIMEOUT);

  private WarmUpKeys() {}

  static WarmUp read(Table table) {
    String method = table.get(METHOD, "GET");
    if (table.has(BODY) && (method.equals("GET") || method.equals("HEAD"))) {
      table.complain(BODY, "is not sent with " + method + "; write method = \"POST\"");
    }
    return new WarmUp(
        table.get(SCHEME, Scheme.HTTP) == Scheme.HTTPS,
        table.get(PORT, 0),
        table.require(PATHS, ImmutableList.of("/")),
        method,
        table.get(HEADERS, ImmutableMap.of()),
        table.get(BODY, ""),
        table.get(CONCURRENCY, WarmUp.DEFAULT_CONCURRENCY),
        table.get(TIMEOUT, WarmUp.DEFAULT_TIMEOUT));
  }

  private static ImmutableList<String> paths(Value value) throws ConfigException {
    if (value.elements().isEmpty()) {
      throw new ConfigException("it names no path; write [\"/\"]");
    }
    return LIST.read(value);
  }

  private static ImmutableMap<String, String> headers(Value value) throws ConfigException {
    ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
    for (Map.Entry<String, Value> one : value.entries().entrySet()) {
      try {
        headers.put(name(one.getKey()), content(one.getValue().text()));
      } catch (ConfigException e) {
        one.getValue().complain(String.valueOf(e.getMessage()));
      }
    }
    return headers.buildOrThrow();
  }

  private static String name(String name) throws ConfigException {
    if (!name.matches(HEADER_NAME)) {
      throw new ConfigException("'" + name + "' is no name of a header; write X-Name");
    }
    if (name.matches("(?i)content-length|transfer-encoding|connection")) {
      throw new ConfigException("'" + name + "' is set by the warm-up itself; remove it");
    }
    return name;
  }

  /** A line break would end the header, and begin another one. */
  private static String content(String text) throws ConfigException {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new ConfigException("a header has no control characters; write one line");
    }
    return text;
  }
}
