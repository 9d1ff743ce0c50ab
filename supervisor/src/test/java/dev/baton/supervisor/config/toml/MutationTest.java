package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the text: a configuration comes of it, or a {@link ConfigException}. */
final class MutationTest {
  private static final int TEXTS = Integer.getInteger("baton.texts", 2000);
  private static final long SEED = Long.getLong("baton.seed", 20_261_125);

  private static final ImmutableList<String> SCRAPS =
      ImmutableList.of(
          "\"",
          "'",
          "\"\"\"",
          "'''",
          "[",
          "]",
          "[[",
          "]]",
          "{",
          "}",
          "=",
          ".",
          ",",
          "#",
          "\n",
          "\r",
          "\\",
          "$",
          "${",
          "${HOME}",
          "${NONE}",
          "\u0000",
          "\uFEFF",
          "\uD83D",
          "\u2028",
          "0",
          "-1",
          "1e9",
          "nan",
          "inf",
          "9223372036854775807",
          "99999999999999999999",
          "1979-05-27",
          "true",
          "[service.web]",
          "[[service.web.ready.gate]]",
          "service = 1",
          "999999999h",
          "((((",
          "*",
          ":",
          "unix:/",
          "[::]:0",
          "x = [[[[[[[[",
          "a.b.c.d = 1");

  @Test
  void nothingElseIsEverThrown() {
    ImmutableList<Written> keys = Written.all();
    for (int i = 0; i < TEXTS; i++) {
      Random random = new Random(SEED + i);
      String text = mutated(randomFile(keys, random), random);
      try {
        ConfigParser.parse(text, Texts.SOURCE);
      } catch (ConfigException e) {
        checkLines(e, text);
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + (SEED + i) + " (-Dbaton.seed):\n" + text, e);
      }
    }
  }

  private static void checkLines(ConfigException e, String text) {
    String.valueOf(e.getMessage())
        .lines()
        .filter(line -> !line.matches("baton\\.toml:\\d+:\\d+: .+"))
        .forEach(line -> fail("'" + line + "' has no place, in:\n" + text));
  }

  private static String randomFile(List<Written> keys, Random random) {
    Written key = keys.get(random.nextInt(keys.size()));
    Key<?> other = keys.get(random.nextInt(keys.size())).key();
    return key.file(random.nextBoolean() ? key.key().example() : other.example());
  }

  private static String mutated(String file, Random random) {
    StringBuilder text = new StringBuilder(file);
    for (int i = random.nextInt(6); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, SCRAPS.get(random.nextInt(SCRAPS.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
        case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
        default -> text.insert(at, (char) random.nextInt(0x250));
      }
    }
    return text.toString();
  }
}
