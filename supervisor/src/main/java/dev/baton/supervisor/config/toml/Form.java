package dev.baton.supervisor.config.toml;

import dev.baton.supervisor.config.ConfigException;

/**
 * What a value has to look like, and what becomes of it.
 *
 * @param type in few words, for the reference page
 * @param unit of its numbers; empty if they have none
 * @param schema the rules of JSON Schema it obeys, without the braces around them
 * @param meaning reads it
 */
record Form<T>(String type, String unit, String schema, Meaning<T> meaning) {
  /** How a value is understood. */
  interface Meaning<T> {
    /** The message of the exception says what is wrong and what to write instead. */
    T of(Value value) throws ConfigException;
  }

  T read(Value value) throws ConfigException {
    return meaning.of(value);
  }

  Form<T> in(String unitOfIt) {
    return new Form<>(type, unitOfIt, schema, meaning);
  }

  /** The same, but not everything. */
  Form<T> where(Check<T> check) {
    return new Form<>(
        type,
        unit,
        schema,
        value -> {
          T read = meaning.of(value);
          check.accept(read);
          return read;
        });
  }

  /** A further rule. */
  interface Check<T> {
    void accept(T value) throws ConfigException;
  }
}
