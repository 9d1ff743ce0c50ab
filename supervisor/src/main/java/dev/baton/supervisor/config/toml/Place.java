package dev.baton.supervisor.config.toml;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/**
 * A place in the text.
 *
 * @param key the path of the key; empty if none is known
 * @param line from 1
 * @param column from 1
 */
record Place(String key, int line, int column) {
  static final Comparator<Place> IN_ORDER =
      Comparator.comparingInt(Place::line).thenComparingInt(Place::column);

  static Place of(String key, @Nullable TomlPosition position) {
    return position == null
        ? new Place(key, 1, 1)
        : new Place(key, position.line(), position.column());
  }

  Place withKey(String other) {
    return new Place(other, line, column);
  }
}
