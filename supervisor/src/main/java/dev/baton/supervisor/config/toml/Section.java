package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One kind of table in the file.
 *
 * @param name the last part of its path; empty for the file itself
 * @param doc one sentence
 * @param keys in the order of the reference page
 * @param parts the tables in it
 */
record Section(
    String name,
    Shape shape,
    String doc,
    ImmutableList<Key<?>> keys,
    ImmutableList<Section> parts) {
  /** How often it occurs. */
  enum Shape {
    /** {@code [name]}. */
    ONE,
    /** {@code [name.NAME]}, as often as one likes. */
    NAMED,
    /** {@code [[name]]}, as often as one likes. */
    LIST
  }

  static Section one(String name, String doc, Key<?>... keys) {
    return new Section(name, Shape.ONE, doc, ImmutableList.copyOf(keys), ImmutableList.of());
  }

  Section shaped(Shape other) {
    return new Section(name, other, doc, keys, parts);
  }

  Section with(Section... others) {
    return new Section(name, shape, doc, keys, ImmutableList.copyOf(others));
  }

  /** What may be written in it. */
  ImmutableList<String> names() {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    keys.forEach(key -> names.add(key.name()));
    parts.forEach(part -> names.add(part.name()));
    return names.build();
  }

  /** The keys of the tables in it that occur once, with their paths from here. */
  ImmutableMap<String, String> below() {
    Map<String, String> paths = new LinkedHashMap<>();
    for (Section part : parts) {
      if (part.shape == Shape.ONE) {
        part.keys.forEach(key -> paths.putIfAbsent(key.name(), part.name + "." + key.name()));
      }
    }
    return ImmutableMap.copyOf(paths);
  }
}
