package dev.baton.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message: a verb and its keys, in the order in which they were put.
 *
 * <p>The verb is kept as text, so that a verb of a later version can be answered with {@link
 * Verb#NOT_UNDERSTOOD} instead of costing the connection.
 */
public final class Message {
  private final String verb;
  private final Map<String, String> fields;

  private Message(String verb, Map<String, String> fields) {
    this.verb = verb;
    this.fields = fields;
  }

  public static Message of(Verb verb) {
    return new Message(verb.name(), Map.of());
  }

  static Message of(String verb, Map<String, String> fields) {
    return new Message(verb, Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
  }

  /** This message with one key more, or with another value for it. */
  public Message with(String key, Object value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(key, value.toString());
    return of(verb, more);
  }

  public boolean is(Verb other) {
    return verb.equals(other.name());
  }

  /** The verb as it stands on the wire; not necessarily one of {@link Verb}. */
  public String verb() {
    return verb;
  }

  public Map<String, String> fields() {
    return fields;
  }

  public boolean has(String key) {
    return fields.containsKey(key);
  }

  public String text(String key) throws ProtocolException {
    String value = fields.get(key);
    if (value == null) {
      throw new ProtocolException(verb + " without " + key);
    }
    return value;
  }

  public String text(String key, String otherwise) {
    return fields.getOrDefault(key, otherwise);
  }

  public long number(String key) throws ProtocolException {
    String value = text(key);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new ProtocolException(verb + " with " + key + "=" + value + ", not a number");
    }
  }

  public boolean flag(String key) {
    return Boolean.parseBoolean(fields.get(key));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Message that && verb.equals(that.verb) && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return 31 * verb.hashCode() + fields.hashCode();
  }

  @Override
  public String toString() {
    return verb + fields;
  }
}
