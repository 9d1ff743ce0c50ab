package dev.baton.supervisor.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is typed in a hurry: a command that does something with services, in the form {@code COMMAND
 * [--json] [SERVICE...]}. Picocli, which reads the annotations of a command before it reads its
 * words, takes half of the time such a command takes to ask its supervisor; this takes none.
 * Everything else, and every mistake, is Picocli's.
 */
final class Urgent {
  private Urgent() {}

  /** Reads it as Picocli would; null for what is not of that form. */
  static @Nullable ServiceCommand read(String... words) {
    ServiceCommand command = words.length == 0 ? null : command(words[0]);
    if (command == null) {
      return null;
    }
    List<String> services = new ArrayList<>();
    boolean json = false;
    for (int i = 1; i < words.length; i++) {
      if (words[i].equals("--json") && !json) {
        json = true;
      } else if (isName(words[i])) {
        services.add(words[i]);
      } else {
        return null;
      }
    }
    return command.of(services, json);
  }

  private static @Nullable ServiceCommand command(String name) {
    return switch (name) {
      case "restart" -> new RestartCommand();
      case "rollback" -> new RollbackCommand();
      case "start" -> new StartCommand();
      case "stop" -> new StopCommand();
      default -> null;
    };
  }

  /** Begins with a letter or a digit: no option, and none of the signs Picocli looks for. */
  private static boolean isName(String word) {
    return !word.isEmpty() && Character.isLetterOrDigit(word.charAt(0)) && word.indexOf('=') < 0;
  }
}
