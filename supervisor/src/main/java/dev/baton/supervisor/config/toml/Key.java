package dev.baton.supervisor.config.toml;

/**
 * One key of the file: what the parser knows, the schema offers and the reference page explains.
 *
 * @param name the last part of its path
 * @param fallback its default, as it would be written; empty if it cannot be written
 * @param otherwise what holds without it, in words; empty if the fallback says it
 * @param doc one sentence
 * @param example a value, as it would be written
 */
record Key<T>(
    String name, Form<T> form, String fallback, String otherwise, String doc, String example) {

  /** {@code x -> y.x}, quoted if TOML demands it. */
  static String path(String parent, String name) {
    String bare = name.matches("[A-Za-z0-9_-]+") ? name : "\"" + name + "\"";
    return parent.isEmpty() ? bare : parent + "." + bare;
  }

  static <T> Key<T> of(String name, Form<T> form) {
    return new Key<>(name, form, "", "", "", "");
  }

  Key<T> fallback(String value) {
    return new Key<>(name, form, value, otherwise, doc, example);
  }

  Key<T> otherwise(String words) {
    return new Key<>(name, form, fallback, words, doc, example);
  }

  Key<T> doc(String sentence) {
    return new Key<>(name, form, fallback, otherwise, sentence, example);
  }

  Key<T> example(String value) {
    return new Key<>(name, form, fallback, otherwise, doc, value);
  }
}
