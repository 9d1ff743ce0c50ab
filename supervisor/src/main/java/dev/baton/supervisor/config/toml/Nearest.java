package dev.baton.supervisor.config.toml;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what somebody meant who mistyped it. */
final class Nearest {
  private Nearest() {}

  /** The word that is least different, unless none is similar. */
  static @Nullable String to(String written, Collection<String> words) {
    String nearest = null;
    int least = 1 + (written.length() < 4 ? 1 : Math.max(2, written.length() / 3));
    for (String word : words) {
      int distance = distance(written.toLowerCase(Locale.ROOT), word.toLowerCase(Locale.ROOT));
      if (distance < least) {
        nearest = word;
        least = distance;
      }
    }
    return nearest;
  }

  /** {@code ; did you mean 'this'?}, or the whole choice if nothing is similar. */
  static String hint(String written, Collection<String> words) {
    String nearest = to(written, words);
    if (nearest != null) {
      return "; did you mean '" + nearest + "'?";
    }
    return words.isEmpty() ? "" : "; known are " + String.join(", ", words);
  }

  /** How many letters have to be added, removed or replaced. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
