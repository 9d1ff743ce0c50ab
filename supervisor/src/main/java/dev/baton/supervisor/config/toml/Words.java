package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;

/**
 * Splits a command into words as a shell would: at white space, except between quotes and after a
 * backslash. What is in {@code ${...}} stays together. Nothing else that a shell does is done.
 */
final class Words {
  private final String text;
  private final ImmutableList.Builder<String> words = ImmutableList.builder();

  // Mutable state
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private Words(String text) {
    this.text = text;
  }

  static ImmutableList<String> split(String text) throws ConfigException {
    return new Words(text).split();
  }

  private ImmutableList<String> split() throws ConfigException {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (Character.isWhitespace(c)) {
        endWord();
      } else {
        inWord = true;
        take(c);
      }
    }
    endWord();
    return words.build();
  }

  private void take(char c) throws ConfigException {
    switch (c) {
      case '\'' -> takeUntil('\'', false);
      case '"' -> takeUntil('"', true);
      case '\\' -> word.append(next("a backslash"));
      case '$' -> takeVariable();
      default -> word.append(c);
    }
  }

  private void takeUntil(char quote, boolean escapes) throws ConfigException {
    for (char c = next("a quote"); c != quote; c = next("a quote")) {
      if (c == '$') {
        takeVariable();
      } else if (escapes && c == '\\') {
        char escaped = next("a backslash");
        // As in a shell: before anything else a backslash is a backslash.
        word.append(escaped == '"' || escaped == '\\' ? "" : "\\").append(escaped);
      } else {
        word.append(c);
      }
    }
  }

  private void takeVariable() {
    int end = text.startsWith("{", at) ? text.indexOf('}', at) + 1 : at;
    word.append('$').append(text, at, Math.max(end, at));
    at = Math.max(end, at);
  }

  private char next(String after) throws ConfigException {
    if (at == text.length()) {
      throw new ConfigException("'" + text + "' ends in " + after + " that is not closed");
    }
    return text.charAt(at++);
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
    }
    word.setLength(0);
    inWord = false;
  }
}
