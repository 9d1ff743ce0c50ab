package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.ConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of lines {@code KEY=value}. Blank lines and those that begin with {@code #} mean nothing,
 * {@code export } before the key neither; a value may be in single quotes (literally) or in double
 * quotes (a backslash before a quote, a dollar or a backslash goes away). Nothing is expanded.
 */
final class EnvironmentFile {
  private static final Pattern LINE =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.-]*)=\\s*(.*)");
  private static final Pattern SINGLE = Pattern.compile("'([^']*)'");
  private static final Pattern DOUBLE = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([\"$\\\\])");

  private EnvironmentFile() {}

  /** The last of several values of a key counts. */
  static ImmutableMap<String, String> read(Path file) throws ConfigException {
    List<String> lines = lines(file);
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        String where = file + ":" + (i + 1);
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
          // Without the line itself: it may be a secret.
          throw new ConfigException(
              where + " is no KEY=value; write a letter or _ first, and no spaces before the =");
        }
        values.put(parts.group(1), value(parts.group(2), where));
      }
    }
    return ImmutableMap.copyOf(values);
  }

  private static String value(String text, String where) throws ConfigException {
    if (text.indexOf('\0') >= 0) {
      throw new ConfigException(where + " has a NUL character, which no environment can hold");
    }
    Matcher single = SINGLE.matcher(text);
    if (single.matches()) {
      return single.group(1);
    }
    Matcher quoted = DOUBLE.matcher(text);
    if (quoted.matches()) {
      return ESCAPED.matcher(quoted.group(1)).replaceAll("$1");
    }
    if (text.startsWith("'") || text.startsWith("\"")) {
      throw new ConfigException(
          where + " begins with a quote but does not end with it; write KEY=\"value\"");
    }
    return text;
  }

  private static List<String> lines(Path file) throws ConfigException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "no such file");
    } catch (AccessDeniedException e) {
      throw unreadable(file, "no permission");
    } catch (CharacterCodingException e) {
      throw unreadable(file, "it is not UTF-8");
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  private static ConfigException unreadable(Path file, String why) {
    return new ConfigException(
        "cannot read the environment file " + file + ": " + why + "; check its path");
  }
}
