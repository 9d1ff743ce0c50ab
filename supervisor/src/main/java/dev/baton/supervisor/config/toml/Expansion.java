package dev.baton.supervisor.config.toml;

import dev.baton.supervisor.config.ConfigException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts variables of the environment into a text: {@code ${NAME}} and {@code ${NAME:-default}};
 * {@code $$} is a dollar.
 */
final class Expansion {
  private static final Pattern DOLLAR =
      Pattern.compile(
          "\\$(?:(?<dollar>\\$)|\\{(?<inside>[^}]*)(?<end>\\}?)|(?<bare>[A-Za-z_]\\w*))");
  private static final Pattern VARIABLE =
      Pattern.compile("(?<name>[A-Za-z_]\\w*)(?::-(?<otherwise>.*))?", Pattern.DOTALL);

  private Expansion() {}

  static String expand(String text, Map<String, String> environment) throws ConfigException {
    if (text.indexOf('$') < 0) {
      return text;
    }
    Matcher dollar = DOLLAR.matcher(text);
    StringBuilder expanded = new StringBuilder();
    while (dollar.find()) {
      dollar.appendReplacement(
          expanded, Matcher.quoteReplacement(replacement(dollar, environment)));
    }
    return dollar.appendTail(expanded).toString();
  }

  private static String replacement(Matcher dollar, Map<String, String> environment)
      throws ConfigException {
    if (dollar.group("dollar") != null) {
      return "$";
    }
    String bare = dollar.group("bare");
    if (bare != null) {
      throw new ConfigException(
          "'$" + bare + "' is not expanded; write ${" + bare + "} or $$" + bare);
    }
    String inside = dollar.group("inside");
    if (dollar.group("end").isEmpty()) {
      throw new ConfigException("'${" + inside + "' has no end; write ${NAME}, or $$ for a dollar");
    }
    Matcher variable = VARIABLE.matcher(inside);
    if (!variable.matches()) {
      throw new ConfigException(
          "'${"
              + inside
              + "}' is no variable; write ${NAME} or ${NAME:-default}, or $$ for a dollar");
    }
    return value(variable.group("name"), variable.group("otherwise"), environment);
  }

  private static String value(String name, String otherwise, Map<String, String> environment)
      throws ConfigException {
    String value = environment.get(name);
    if (otherwise != null) {
      return value == null || value.isEmpty() ? otherwise : value;
    }
    if (value == null) {
      throw new ConfigException(
          "the variable " + name + " is not set; set it, or write ${" + name + ":-default}");
    }
    return value;
  }
}
