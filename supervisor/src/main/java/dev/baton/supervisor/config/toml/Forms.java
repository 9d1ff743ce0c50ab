package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.config.Names;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The forms that several keys have. */
final class Forms {
  /** Longer than anybody waits, and far from where nanoseconds overflow. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** More than any file system has, and far from where bytes overflow. */
  private static final long LARGEST = 1L << 50;

  private static final Pattern SIZE_OF_IT = Pattern.compile("0|(\\d{1,9})([KMGT])(?:iB)?");

  static final Form<String> STRING = text("string", ".*", text -> text);
  static final Form<String> NOT_EMPTY = text("string", ".+", Forms::notEmpty);
  static final Form<String> NAME_OF_IT = text("name", Names.FORM, Forms::name);
  static final Form<String> PATTERN = text("regular expression", ".+", Forms::pattern);
  static final Form<Duration> DURATION =
      text("duration", "\\d{1,9}(ms|s|m|h)", Forms::duration).in("ms, s, m, h");
  static final Form<Duration> SOME_TIME = DURATION.where(Forms::someTime);
  static final Form<Long> SIZE =
      new Form<>(
          "size",
          "K, M, G, T",
          "\"anyOf\": [{\"const\": 0}, {"
              + text("", "0|\\d{1,9}[KMGT](iB)?", text -> text).schema()
              + "}]",
          value -> size(value.toml() instanceof Long ? value.toml().toString() : value.text()));
  static final Form<Boolean> BOOLEAN =
      new Form<>(
          "boolean",
          "",
          orVariable("\"type\": \"boolean\""),
          value ->
              switch (value.bareText("a boolean", "true or false")) {
                case "true" -> true;
                case "false" -> false;
                default ->
                    throw new ConfigException(
                        "'" + value.bareText("", "") + "' is not a boolean; write true or false");
              });

  private Forms() {}

  /** How a string is understood. */
  interface TextMeaning<T> {
    T of(String text) throws ConfigException;
  }

  /** A string that matches the expression of the schema, or has a variable in it. */
  static <T> Form<T> text(String type, String expression, TextMeaning<T> meaning) {
    String matching = expression.equals(".*") ? "" : ", \"pattern\": " + orVariableIn(expression);
    return new Form<>(
        type,
        "",
        "\"type\": \"string\"" + matching,
        value -> {
          if (value.toml() instanceof Long) {
            // 10 is no duration, and 8080 an address without quotes: its form knows best.
            meaning.of(value.toml().toString());
          }
          return meaning.of(value.text());
        });
  }

  static Form<Integer> whole(int least, int most) {
    return new Form<>(
        "whole number, " + least + " to " + most,
        "",
        orVariable("\"type\": \"integer\", \"minimum\": " + least + ", \"maximum\": " + most),
        value -> {
          String allowed = least + " to " + most;
          String text = value.bareText("a whole number", allowed);
          if (!text.matches("[+-]?\\d{1,18}")) {
            throw new ConfigException("'" + text + "' is not a whole number; write " + allowed);
          }
          long number = Long.parseLong(text);
          if (number < least || number > most) {
            throw new ConfigException(number + " is out of range; write " + allowed);
          }
          return (int) number;
        });
  }

  /** One of the constants, in small letters and with hyphens. */
  static <E extends Enum<E>> Form<E> choice(Class<E> type) {
    ImmutableList<String> words =
        Arrays.stream(type.getEnumConstants())
            .map(one -> one.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(ImmutableList.toImmutableList());
    return text(
        String.join(", ", words),
        String.join("|", words),
        text -> type.getEnumConstants()[words.indexOf(oneOf(words, text))]);
  }

  static String oneOf(ImmutableList<String> words, String text) throws ConfigException {
    if (!words.contains(text)) {
      String nearest = Nearest.to(text, words);
      throw new ConfigException(
          "'"
              + text
              + "' is not possible; write "
              + String.join(", ", words)
              + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
    }
    return text;
  }

  /** An array; what is wrong with one element is said where it stands. */
  static <T> Form<ImmutableList<T>> listOf(Form<T> element) {
    return new Form<>(
        "array of " + element.type() + (element.type().endsWith("s") ? "es" : "s"),
        element.unit(),
        "\"type\": \"array\", \"items\": {" + element.schema() + "}",
        value -> {
          ImmutableList.Builder<T> read = ImmutableList.builder();
          for (Value one : value.elements()) {
            try {
              read.add(element.read(one));
            } catch (ConfigException e) {
              one.complain(String.valueOf(e.getMessage()));
            }
          }
          return read.build();
        });
  }

  /** The same, and where it stands. */
  static <T> Form<Placed<T>> placed(Form<T> form) {
    return new Form<>(
        form.type(), form.unit(), form.schema(), value -> new Placed<>(form.read(value), value));
  }

  /** Something that was read, and where. */
  record Placed<T>(T read, Value value) {}

  static String name(String text) throws ConfigException {
    if (!Names.isName(text)) {
      throw new ConfigException(
          "'" + text + "' is no name; use up to 40 letters, digits, '-' and '_'");
    }
    return text;
  }

  static String notEmpty(String text) throws ConfigException {
    if (text.isEmpty()) {
      throw new ConfigException("'' is empty; leave the key out if there is nothing to say");
    }
    return text;
  }

  private static String pattern(String text) throws ConfigException {
    try {
      return Pattern.compile(notEmpty(text)).pattern();
    } catch (PatternSyntaxException e) {
      throw new ConfigException(
          "'" + text + "' is no regular expression: " + e.getDescription() + " at " + e.getIndex());
    } catch (StackOverflowError e) {
      throw new ConfigException(
          "a regular expression of " + text.length() + " letters is too deep");
    }
  }

  private static Duration duration(String text) throws ConfigException {
    Duration read = Durations.parse(text);
    if (read.compareTo(LONGEST) > 0) {
      throw new ConfigException("'" + text + "' is too long; write at most 8760h, which is a year");
    }
    return read;
  }

  private static void someTime(Duration time) throws ConfigException {
    if (time.isZero()) {
      throw new ConfigException("it must not be zero; write 500ms, 30s, 5m or 1h");
    }
  }

  /** In bytes; the units are powers of 1024. */
  private static long size(String text) throws ConfigException {
    Matcher form = SIZE_OF_IT.matcher(text);
    if (!form.matches()) {
      throw new ConfigException("'" + text + "' is no size; write 512K, 100M, 1G or 2T");
    }
    if (form.group(1) == null) {
      return 0;
    }
    long number = Long.parseLong(form.group(1));
    int zeros = 10 * (1 + "KMGT".indexOf(form.group(2)));
    if (number > LARGEST >> zeros) {
      throw new ConfigException("'" + text + "' is too large; write at most 1024T");
    }
    return number << zeros;
  }

  /** A string may always hold a variable, whatever it expands to. */
  static String orVariable(String schema) {
    return "\"anyOf\": [{" + schema + "}, {\"type\": \"string\", \"pattern\": \"\\\\$\\\\{\"}]";
  }

  private static String orVariableIn(String expression) {
    return "\"^(" + expression.replace("\\", "\\\\").replace("\"", "\\\"") + "|.*\\\\$\\\\{.*)$\"";
  }
}
