package dev.baton.supervisor.cli;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a command is for. Found without streams: the first lambda of a JVM takes it 10 ms, during
 * which nothing is asked for yet.
 *
 * @param services of that supervisor; none for all
 * @param problem why there is nobody, as a sentence; null if there is
 */
record Target(String supervisor, ImmutableList<String> services, @Nullable String problem) {
  /**
   * Finds out from what was written: {@code SERVICE}, {@code SUPERVISOR} or {@code
   * SUPERVISOR/SERVICE}.
   *
   * @param chosen the supervisor that was named as such; null if none was
   * @param running those there are
   */
  static Target of(@Nullable String chosen, List<String> named, List<String> running) {
    if (chosen != null) {
      return new Target(chosen, ImmutableList.copyOf(named), null);
    }
    String first = named.isEmpty() ? "" : named.get(0);
    int slash = first.indexOf('/');
    if (slash > 0) {
      String supervisor = first.substring(0, slash);
      return new Target(supervisor, withoutPrefix(named, supervisor + "/"), null);
    }
    if (named.size() == 1 && (running.contains(first) || running.isEmpty())) {
      return new Target(first, ImmutableList.of(), null);
    }
    if (running.size() == 1) {
      return new Target(running.get(0), ImmutableList.copyOf(named), null);
    }
    String problem =
        running.isEmpty()
            ? "no supervisor is running; start one with: baton run -- java -jar app.jar"
            : "several supervisors are running, name one of: " + String.join(", ", running);
    return new Target("", ImmutableList.of(), problem);
  }

  private static ImmutableList<String> withoutPrefix(List<String> named, String prefix) {
    ImmutableList.Builder<String> services = ImmutableList.builder();
    for (String one : named) {
      services.add(one.startsWith(prefix) ? one.substring(prefix.length()) : one);
    }
    return services.build();
  }
}
