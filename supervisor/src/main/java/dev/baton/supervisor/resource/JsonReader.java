package dev.baton.supervisor.resource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON that we write ourselves: objects, arrays, strings, whole numbers and truths.
 * Anything else is not ours, and refused.
 */
public final class JsonReader {
  private static final int DEEPEST = 16;

  /** No text of ours has it. */
  private static final char END = '\0';

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /** A text that is not what we write; it may have been cut off. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
      super(message);
    }
  }

  /** Exactly one object, of values that are {@code Map}, {@code List}, String, Long or Boolean. */
  public static Map<String, Object> object(String text) throws MalformedException {
    JsonReader reader = new JsonReader(text);
    Map<String, Object> object = reader.object(0);
    if (reader.peek() != END) {
      throw reader.malformed();
    }
    return object;
  }

  private Object value(int depth) throws MalformedException {
    char first = peek();
    if (first == '{' && depth < DEEPEST) {
      return object(depth + 1);
    }
    if (first == '[' && depth < DEEPEST) {
      return array(depth + 1);
    }
    if (first == 't' || first == 'f') {
      return truth();
    }
    return first == '"' ? string() : number();
  }

  private Boolean truth() throws MalformedException {
    for (String word : new String[] {"true", "false"}) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return Boolean.valueOf(word);
      }
    }
    throw malformed();
  }

  private Map<String, Object> object(int depth) throws MalformedException {
    Map<String, Object> members = new LinkedHashMap<>();
    expect('{');
    if (!takes('}')) {
      do {
        String key = string();
        expect(':');
        members.put(key, value(depth));
      } while (takes(','));
      expect('}');
    }
    return members;
  }

  private List<Object> array(int depth) throws MalformedException {
    List<Object> elements = new ArrayList<>();
    expect('[');
    if (!takes(']')) {
      do {
        elements.add(value(depth));
      } while (takes(','));
      expect(']');
    }
    return elements;
  }

  private String string() throws MalformedException {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return value.toString();
      }
      if (c < ' ') {
        throw malformed();
      }
      value.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() throws MalformedException {
    char c = next();
    if (c == 'u') {
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int digit = Character.digit(next(), 16);
        if (digit < 0) {
          throw malformed();
        }
        code = code * 16 + digit;
      }
      return (char) code;
    }
    if (c == '"' || c == '\\') {
      return c;
    }
    throw malformed();
  }

  private Long number() throws MalformedException {
    int from = at;
    while (at < text.length() && (text.charAt(at) == '-' || Character.isDigit(text.charAt(at)))) {
      at++;
    }
    try {
      return Long.parseLong(text, from, at, 10);
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  private boolean takes(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char wanted) throws MalformedException {
    if (!takes(wanted)) {
      throw malformed();
    }
  }

  /** What comes after white space. */
  private char peek() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at < text.length() ? text.charAt(at) : END;
  }

  private char next() throws MalformedException {
    if (at >= text.length()) {
      throw malformed();
    }
    return text.charAt(at++);
  }

  private MalformedException malformed() {
    return new MalformedException("not what is expected at character " + at);
  }
}
