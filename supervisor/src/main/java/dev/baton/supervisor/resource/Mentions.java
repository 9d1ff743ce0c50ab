package dev.baton.supervisor.resource;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds paths in words: alone, before a slash, after {@code =}, {@code :} and the like. */
final class Mentions {
  private final Pattern anyPath;
  private final Map<String, String> replacements;

  private Mentions(Pattern anyPath, Map<String, String> replacements) {
    this.anyPath = anyPath;
    this.replacements = replacements;
  }

  /**
   * @param replacements what to put in the place of each path
   */
  static Mentions of(Map<String, String> replacements) {
    String paths =
        replacements.keySet().stream()
            // The longest first: one may lie in another.
            .sorted(Comparator.comparing(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    // Neither /opt/app2 nor /srv/opt/app is /opt/app.
    return new Mentions(Pattern.compile("(?<![\\w./-])(?:" + paths + ")(?![\\w.-])"), replacements);
  }

  String replaceIn(String word) {
    return replacements.isEmpty()
        ? word
        : anyPath
            .matcher(word)
            .replaceAll(found -> Matcher.quoteReplacement(replacements.get(found.group())));
  }
}
