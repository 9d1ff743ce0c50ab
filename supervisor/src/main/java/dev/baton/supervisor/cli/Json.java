package dev.baton.supervisor.cli;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The fields of messages as JSON text, with numbers where numbers belong. */
final class Json {
  private static final Set<String> NUMBERS =
      Set.of(
          "generation",
          "slot",
          "pid",
          "rss",
          "up-nanos",
          "since-nanos",
          "connections",
          "jvm-up-nanos",
          "heap",
          "heap-max",
          "gc-permille",
          "threads",
          "classes",
          "queue",
          "descriptors",
          "backlog",
          "wanted",
          "sockets",
          "bytes",
          "rotations",
          "failures",
          "waited-nanos",
          "nanos",
          "deadline-nanos",
          "code");

  /** What JSON calls a number. */
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})");

  private Json() {}

  static String object(Map<String, String> fields) {
    return "{" + members(fields) + "}";
  }

  /** What stands between the braces of an object, in the order of the map. */
  static String members(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> string(field.getKey()) + ": " + value(field.getKey(), field.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** By its key, not by its looks: a service may be called 42. */
  private static String value(String key, String text) {
    if (!NUMBERS.contains(key)) {
      return string(text);
    }
    return NUMBER.matcher(text).matches() ? text : "null";
  }

  static String string(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
