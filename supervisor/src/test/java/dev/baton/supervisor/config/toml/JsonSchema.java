package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** The catalogue as a JSON Schema, for editors. */
final class JsonSchema {
  private JsonSchema() {}

  static String text() {
    return """
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "title": "baton.toml",
          "description": "The configuration of a Baton supervisor.",
        """
        + rules(FileKeys.SECTION, "  ")
        + "\n}\n";
  }

  /** What holds for one table, without the braces. */
  private static String rules(Section section, String indent) {
    String required =
        section.keys().stream()
            .filter(key -> key.otherwise().equals("required"))
            .map(key -> quoted(key.name()))
            .collect(Collectors.joining(", "));
    String needed = section.name().isEmpty() ? "\"service\"" : required;
    return indent
        + "\"type\": \"object\",\n"
        + (needed.isEmpty() ? "" : indent + "\"required\": [" + needed + "],\n")
        + indent
        + "\"additionalProperties\": false,\n"
        + indent
        + "\"properties\": {\n"
        + properties(section, indent + "  ")
        + "\n"
        + indent
        + "}";
  }

  private static String properties(Section section, String indent) {
    List<String> keys =
        section.keys().stream().map(key -> indent + property(key)).collect(Collectors.toList());
    List<String> parts =
        section.parts().stream().map(part -> part(part, indent)).collect(Collectors.toList());
    return String.join(",\n", Iterables.concat(keys, parts));
  }

  private static String property(Key<?> key) {
    String fallback = key.fallback().isEmpty() ? "" : "\"default\": " + json(key.fallback()) + ", ";
    return quoted(key.name())
        + ": {\"description\": "
        + quoted(key.doc())
        + ", "
        + fallback
        + "\"examples\": ["
        + json(key.example())
        + "], "
        + key.form().schema()
        + "}";
  }

  private static String part(Section part, String indent) {
    String described = indent + "  \"description\": " + quoted(part.doc()) + ",\n";
    String nested = "{\n" + rules(part, indent + "    ") + "\n" + indent + "  }";
    String rules =
        switch (part.shape()) {
          case ONE -> rules(part, indent + "  ");
          case NAMED ->
              indent
                  + "  \"type\": \"object\",\n"
                  + indent
                  + "  \"propertyNames\": {\"pattern\": \"^[A-Za-z0-9_-]{1,40}$\"},\n"
                  + indent
                  + "  \"additionalProperties\": "
                  + nested;
          case LIST -> indent + "  \"type\": \"array\",\n" + indent + "  \"items\": " + nested;
        };
    return indent + quoted(part.name()) + ": {\n" + described + rules + "\n" + indent + "}";
  }

  /** A value as TOML writes it, as JSON writes it. */
  private static String json(String toml) {
    return json(Objects.requireNonNull(Toml.parse("x = " + toml).get("x")));
  }

  private static String json(Object value) {
    if (value instanceof TomlArray array) {
      return array.toList().stream()
          .map(one -> json(one))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof TomlTable table) {
      Map<String, Object> entries = ImmutableMap.copyOf(table.toMap());
      return entries.entrySet().stream()
          .map(one -> quoted(one.getKey()) + ": " + json(one.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value instanceof String string ? quoted(string) : value.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
