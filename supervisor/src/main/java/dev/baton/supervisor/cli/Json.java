package dev.baton.supervisor.cli;

import java.util.Map;
import java.util.Set;

/**
 * The fields of messages as JSON text, with numbers where numbers belong. In loops: streams and
 * patterns take a JVM 20 ms when it needs them first, while a worker boots beside it.
 */
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

  private static final int MOST_DIGITS = 18;

  private Json() {}

  static String object(Map<String, String> fields) {
    return "{" + members(fields) + "}";
  }

  /** What stands between the braces of an object, in the order of the map. */
  static String members(Map<String, String> fields) {
    StringBuilder members = new StringBuilder();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      members.append(members.length() == 0 ? "" : ", ").append(string(field.getKey())).append(": ");
      members.append(value(field.getKey(), field.getValue()));
    }
    return members.toString();
  }

  /** By its key, not by its looks: a service may be called 42. */
  private static String value(String key, String text) {
    if (!NUMBERS.contains(key)) {
      return string(text);
    }
    return isNumber(text) ? text : "null";
  }

  /** What JSON calls a number, if it is a whole one of a reasonable length. */
  private static boolean isNumber(String text) {
    int from = text.startsWith("-") ? 1 : 0;
    int digits = text.length() - from;
    if (digits == 0 || digits > MOST_DIGITS || (digits > 1 && text.charAt(from) == '0')) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
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
