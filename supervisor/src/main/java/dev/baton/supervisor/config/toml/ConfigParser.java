package dev.baton.supervisor.config.toml;

import com.google.common.base.Splitter;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import java.util.List;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Makes a configuration of a text, or says everything that is wrong with it at once. */
public final class ConfigParser {
  /** What the parser can hold in the small heap of a supervisor; some 300 services. */
  public static final int LONGEST_TEXT = 128 << 10;

  private static final Pattern ASSIGNMENT = Pattern.compile("\\s*[\\w.\"'-]+\\s*=.*");

  private ConfigParser() {}

  /** Throws an exception whose message has a line for each problem, in the order of the text. */
  public static Config parse(String text, Source source) throws ConfigException {
    if (text.length() > LONGEST_TEXT) {
      throw new ConfigException(
          source.file() + ": is longer than " + LONGEST_TEXT + " characters; split it");
    }
    Problems problems = new Problems(source.file());
    TomlParseResult toml = toml(text, problems);
    for (TomlParseError error : toml.errors()) {
      problems.addSyntax(Place.of("", error.position()), String.valueOf(error.getMessage()));
    }
    if (!isInOrder(text, toml.errors())) {
      throw problems.exception();
    }
    Reading reading = new Reading(source, problems, !toml.hasErrors());
    Config config = FileKeys.read(Table.file(toml, FileKeys.SECTION, reading));
    if (!problems.isEmpty()) {
      throw problems.exception();
    }
    return config;
  }

  /** Texts that confuse the library itself are somebody's mistake all the same. */
  private static TomlParseResult toml(String text, Problems problems) throws ConfigException {
    try {
      return Toml.parse(text);
    } catch (RuntimeException | AssertionError e) {
      problems.add(new Place("", 1, 1), "is beyond the parser of TOML: " + e.getMessage());
      throw problems.exception();
    }
  }

  /**
   * Whether every key is in the table it was written into. After an error in a header it is not,
   * and what could be said about it would mislead.
   */
  private static boolean isInOrder(String text, List<TomlParseError> errors) {
    List<String> lines = Splitter.on('\n').splitToList(text);
    return errors.stream()
        .map(error -> error.position().line())
        .allMatch(line -> line <= lines.size() && isAssignment(lines.get(line - 1)));
  }

  private static boolean isAssignment(String line) {
    return ASSIGNMENT.matcher(line.stripTrailing()).matches();
  }
}
