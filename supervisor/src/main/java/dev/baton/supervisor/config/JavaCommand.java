package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command that starts a JVM itself, {@code java …} or {@code env KEY=value java …}, and the words
 * of it that name code. What is in argument files is not looked at.
 *
 * @param program which word is {@code java}
 * @param end which word is the jar, the main class or {@code -m}: what comes before are options
 * @param code what comes after {@code -jar}, {@code -cp}, {@code --module-path} and the like
 */
public record JavaCommand(int program, int end, ImmutableList<Code> code) {
  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_]\\w*=.*", Pattern.DOTALL);
  private static final ImmutableSet<String> PATHS =
      ImmutableSet.of("-cp", "-classpath", "--class-path", "-p", "--module-path");
  private static final ImmutableSet<String> MODULE = ImmutableSet.of("-m", "--module");

  /** Options whose value is the next word; without them it would look like the main class. */
  private static final ImmutableSet<String> WITH_VALUE =
      ImmutableSet.of(
          "--add-exports",
          "--add-modules",
          "--add-opens",
          "--add-reads",
          "--enable-native-access",
          "--limit-modules",
          "--patch-module",
          "--source",
          "--upgrade-module-path");

  /**
   * A word that names code.
   *
   * @param word which one it is
   * @param option what comes before the value in the same word, such as {@code --class-path=}
   * @param value a jar, or several jars and directories with colons between them
   */
  public record Code(int word, String option, String value, boolean isJar) {}

  /** Null when the command is something else: a script, whose JVM we do not see. */
  public static @Nullable JavaCommand of(List<String> command) {
    int program = 0;
    if (fileName(command.get(0)).equals("env")) {
      do {
        program++;
      } while (program < command.size() && ASSIGNMENT.matcher(command.get(program)).matches());
    }
    if (program >= command.size() || !fileName(command.get(program)).equals("java")) {
      return null;
    }
    return of(command, program);
  }

  /** The value of {@code -jar}; null if there is none. */
  public @Nullable String jar() {
    return code.stream().filter(Code::isJar).map(Code::value).findFirst().orElse(null);
  }

  private static JavaCommand of(List<String> command, int program) {
    ImmutableList.Builder<Code> found = ImmutableList.builder();
    boolean runsJar = false;
    int i = program + 1;
    for (; i < command.size(); i++) {
      String word = command.get(i);
      if (word.equals("-jar")) {
        runsJar = true; // further options may come before its name
      } else if (PATHS.contains(word) && i + 1 < command.size()) {
        i++;
        found.add(new Code(i, "", command.get(i), false));
      } else if (word.startsWith("--class-path=") || word.startsWith("--module-path=")) {
        int value = word.indexOf('=') + 1;
        found.add(new Code(i, word.substring(0, value), word.substring(value), false));
      } else if (WITH_VALUE.contains(word)) {
        i++;
      } else if (isEndOfOptions(word)) {
        if (runsJar) {
          found.add(new Code(i, "", word, true));
        }
        break; // what follows is the application's
      }
    }
    return new JavaCommand(program, i, found.build());
  }

  private static boolean isEndOfOptions(String word) {
    return MODULE.contains(word)
        || word.startsWith("--module=")
        || !(word.startsWith("-") || word.startsWith("@"));
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
