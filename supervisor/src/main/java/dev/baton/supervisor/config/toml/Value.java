package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.ConfigException;
import java.util.List;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * One value of the text.
 *
 * @param toml as the library gives it
 */
record Value(Object toml, Place place, Reading reading) {

  void complain(String problem) {
    reading.problems().add(place, problem);
  }

  boolean isText() {
    return toml instanceof String;
  }

  /** Expanded. */
  String text() throws ConfigException {
    if (!(toml instanceof String string)) {
      throw wrong("a string", isTableOrArray() ? "" : "\"" + toml + "\"");
    }
    return expand(string);
  }

  /** Words as a shell would split them, expanded after that. */
  ImmutableList<String> words() throws ConfigException {
    ImmutableList.Builder<String> words = ImmutableList.builder();
    for (String word : Words.split((String) toml)) {
      words.add(expand(word));
    }
    return words.build();
  }

  private String expand(String text) throws ConfigException {
    String expanded = Expansion.expand(text, reading.source().environment());
    if (expanded.indexOf('\0') >= 0) {
      throw new ConfigException("'" + expanded + "' has a NUL; no system call would take it");
    }
    return expanded;
  }

  /** The text of what is not a string, or what a string with a variable in it expands to. */
  String bareText(String wanted, String example) throws ConfigException {
    if (isTableOrArray() || (toml instanceof String string && !string.contains("$"))) {
      throw wrong(wanted, example);
    }
    return toml instanceof String ? text() : toml.toString();
  }

  /** Those of an array. */
  ImmutableList<Value> elements() throws ConfigException {
    if (!(toml instanceof TomlArray array)) {
      throw wrong("an array", isText() ? "[\"" + toml + "\"]" : "[...]");
    }
    ImmutableList.Builder<Value> elements = ImmutableList.builder();
    for (int i = 0; i < array.size(); i++) {
      Place at = Place.of(place.key(), array.inputPositionOf(i));
      elements.add(new Value(array.get(i), at, reading));
    }
    return elements.build();
  }

  /** Those of a table. */
  ImmutableMap<String, Value> entries() throws ConfigException {
    if (!(toml instanceof TomlTable table)) {
      throw wrong("a table", "{ NAME = \"value\" }");
    }
    ImmutableMap.Builder<String, Value> entries = ImmutableMap.builder();
    for (String name : table.keySet()) {
      List<String> path = List.of(name);
      Place at = Place.of(Key.path(place.key(), name), table.inputPositionOf(path));
      entries.put(name, new Value(table.get(path), at, reading));
    }
    return entries.buildOrThrow();
  }

  private boolean isTableOrArray() {
    return toml instanceof TomlTable || toml instanceof TomlArray;
  }

  private ConfigException wrong(String wanted, String example) {
    return new ConfigException(
        shown() + " is not " + wanted + (example.isEmpty() ? "" : "; write " + example));
  }

  /** As a message calls it. */
  String shown() {
    if (toml instanceof TomlTable) {
      return "a table";
    }
    return toml instanceof TomlArray ? "an array" : "'" + toml + "'";
  }
}
