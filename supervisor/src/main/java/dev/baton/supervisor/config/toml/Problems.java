package dev.baton.supervisor.config.toml;

import dev.baton.supervisor.config.ConfigException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** All that is wrong with a text. */
final class Problems {
  private record Problem(Place place, String text) {}

  private final String file;

  // Mutable state
  private final List<Problem> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(Place place, String text) {
    found.add(new Problem(place, (place.key().isEmpty() ? "" : place.key() + ": ") + text));
  }

  void addSyntax(Place place, String text) {
    // Tomlj's sentences begin with a capital letter; ours go on after a colon.
    String rest = text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    add(place, rest);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** One line each, in the order of the text. */
  ConfigException exception() {
    return new ConfigException(
        found.stream()
            .sorted(Comparator.comparing(Problem::place, Place.IN_ORDER))
            .map(this::line)
            .distinct()
            .collect(Collectors.joining("\n")));
  }

  private String line(Problem problem) {
    Place place = problem.place();
    return printable(file + ":" + place.line() + ":" + place.column() + ": " + problem.text());
  }

  /** A value may hold anything; a problem is one line all the same. */
  private static String printable(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line.append("\\n");
      } else if (isUnprintable(c)) {
        line.append(String.format("\\u%04X", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }

  /** Controls, separators of lines, and what changes the direction of writing. */
  private static boolean isUnprintable(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
