package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.ConfigException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlTable;

/** One table of the text. Complains of what it does not know as soon as it is made. */
final class Table {
  private static final TomlTable EMPTY = Toml.parse("");

  private final TomlTable toml;
  private final Section section;
  private final Place place;
  private final Reading reading;
  // Mutable state: keys of which something similar was written.
  private final Set<String> meant = new HashSet<>();

  private Table(TomlTable toml, Section section, Place place, Reading reading) {
    this.toml = toml;
    this.section = section;
    this.place = place;
    this.reading = reading;
    toml.keySet().stream().filter(name -> !section.names().contains(name)).forEach(this::unknown);
  }

  /** The outermost. */
  static Table file(TomlTable toml, Section section, Reading reading) {
    return new Table(toml, section, new Place("", 1, 1), reading);
  }

  Reading reading() {
    return reading;
  }

  boolean has(Key<?> key) {
    return find(key.name()) != null;
  }

  boolean has(Section part) {
    return find(part.name()) != null;
  }

  /** What the key is set to; nothing if it is not, or not properly. */
  <T> Optional<T> read(Key<T> key) {
    Value value = find(key.name());
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(key.form().read(value));
    } catch (ConfigException e) {
      value.complain(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  <T> T get(Key<T> key, T otherwise) {
    return read(key).orElse(otherwise);
  }

  /** For a key that has to be there; what stands in for it is never used. */
  <T> T require(Key<T> key, T standIn) {
    return requireAny(key).orElse(standIn);
  }

  <T> Optional<T> requireAny(Key<T> key) {
    if (!has(key) && !meant.contains(key.name())) {
      missing(key.name() + " is missing; write " + key.name() + " = " + key.example());
    }
    return read(key);
  }

  void complain(Key<?> key, String problem) {
    reading.problems().add(place(key), problem);
  }

  /** Complains of the table itself. */
  void complain(String problem) {
    reading.problems().add(place, problem);
  }

  /** Where the key is written, or would have to be. */
  Place place(Key<?> key) {
    Value value = find(key.name());
    return value == null ? place.withKey(path(key.name())) : value.place();
  }

  /** Complains of something that is not there, unless it may be hidden by an error of syntax. */
  void missing(String problem) {
    if (reading.isWhole()) {
      reading.problems().add(place, problem);
    }
  }

  /** Whether something that is not known here was probably meant to be one of this kind. */
  boolean isMeant(Section kind) {
    return meant.contains(kind.name());
  }

  /** The only one of its kind in this table; empty if it is not written. */
  Table part(Section kind) {
    Value value = find(kind.name());
    if (value == null) {
      return new Table(EMPTY, kind, place.withKey(path(kind.name())), reading);
    }
    return of(value, kind);
  }

  /** Those that have names, in the order of the text. */
  ImmutableMap<String, Table> named(Section kind) {
    ImmutableMap.Builder<String, Table> tables = ImmutableMap.builder();
    Value value = find(kind.name());
    if (value == null) {
      return tables.buildOrThrow();
    }
    try {
      value
          .entries()
          .forEach(
              (name, one) -> {
                checkName(name, one);
                tables.put(name, of(one, kind));
              });
    } catch (ConfigException e) {
      value.complain(value.shown() + " is not a table; write [" + value.place().key() + ".NAME]");
    }
    return tables.buildOrThrow();
  }

  /** Those of a list. */
  ImmutableList<Table> list(Section kind) {
    Value value = find(kind.name());
    if (value == null) {
      return ImmutableList.of();
    }
    try {
      return value.elements().stream()
          .map(one -> of(one, kind))
          .collect(ImmutableList.toImmutableList());
    } catch (ConfigException e) {
      value.complain(
          value.shown() + " is not a list of tables; write [[" + value.place().key() + "]]");
      return ImmutableList.of();
    }
  }

  private Table of(Value value, Section kind) {
    if (value.toml() instanceof TomlTable table) {
      return new Table(table, kind, value.place(), reading);
    }
    value.complain(value.shown() + " is not a table; write [" + value.place().key() + "]");
    return new Table(EMPTY, kind, value.place(), reading);
  }

  private static void checkName(String name, Value value) {
    try {
      Forms.name(name);
    } catch (ConfigException e) {
      value.complain(String.valueOf(e.getMessage()));
    }
  }

  @Nullable Value value(Key<?> key) {
    return find(key.name());
  }

  private @Nullable Value find(String name) {
    Object found = toml.get(List.of(name));
    return found == null ? null : new Value(found, placeOf(name), reading);
  }

  private void unknown(String name) {
    String nearest = Nearest.to(name, section.names());
    if (nearest != null) {
      meant.add(nearest);
    }
    reading.problems().add(placeOf(name), "unknown key '" + name + "'" + hint(name, nearest));
  }

  private String hint(String name, @Nullable String nearest) {
    ImmutableMap<String, String> below = section.below();
    String elsewhere = Nearest.to(name, below.keySet());
    boolean isBelow = below.containsKey(name) || (nearest == null && elsewhere != null);
    return isBelow
        ? "; did you mean '" + below.get(elsewhere) + "'?"
        : Nearest.hint(name, section.names());
  }

  private Place placeOf(String name) {
    return Place.of(path(name), toml.inputPositionOf(List.of(name)));
  }

  private String path(String name) {
    return Key.path(place.key(), name);
  }
}
