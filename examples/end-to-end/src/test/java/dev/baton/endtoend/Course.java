package dev.baton.endtoend;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a command that was given {@code --json} has told of workers, step by step. */
record Course(List<Step> steps) {
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * One line of it.
   *
   * @param nanos since the supervisor accepted the command
   */
  record Step(String worker, String state, long pid, String reason, long nanos) {}

  static Course of(Command command) {
    return new Course(
        command
            .out()
            .lines()
            .filter(line -> line.contains("\"type\": \"progress\""))
            .map(Course::step)
            .toList());
  }

  private static Step step(String line) {
    return new Step(
        text(line, "worker"),
        text(line, "state"),
        Long.parseLong(text(line, "pid")),
        text(line, "reason"),
        Long.parseLong(text(line, "nanos")));
  }

  private static String text(String line, String key) {
    Matcher matcher = Pattern.compile('"' + key + "\": \"?([^\"},]*)").matcher(line);
    if (!matcher.find()) {
      throw new AssertionError("no " + key + " in " + line);
    }
    return matcher.group(1);
  }

  /** How many JVMs lived at a time, from before they were spawned until after they were reaped. */
  int mostAlive(int before) {
    int alive = before;
    int most = before;
    for (Step step : steps) {
      alive += step.state().equals("starting") ? 1 : 0;
      alive -= step.state().equals("gone") ? 1 : 0;
      most = Math.max(most, alive);
    }
    return most;
  }

  /** The smallest number of workers that served at a time; all that are heard of did before. */
  int fewestServing(int before) {
    Set<String> left = new HashSet<>();
    int serving = before;
    int fewest = before;
    for (Step step : steps) {
      serving += step.state().equals("serving") ? 1 : 0;
      serving -= step.state().equals("draining") && left.add(step.worker()) ? 1 : 0;
      fewest = Math.min(fewest, serving);
    }
    return fewest;
  }

  long launched() {
    return steps.stream().filter(step -> step.state().equals("starting")).count();
  }

  /** Who was switched on. */
  Set<Long> switchedOn() {
    Set<Long> pids = new TreeSet<>();
    steps.stream().filter(step -> step.state().equals("serving")).forEach(s -> pids.add(s.pid()));
    return pids;
  }

  /** How long the first was alone in the new generation. */
  double millisFromFirstToSecondSwitchedOn() {
    long[] at =
        steps.stream()
            .filter(step -> step.state().equals("serving"))
            .mapToLong(Step::nanos)
            .toArray();
    return (at[1] - at[0]) / NANOS_PER_MILLI;
  }

  /** From the command to the last answer of a worker that it is switched off. */
  double millisUntilSwitched() {
    return steps.stream()
            .filter(step -> step.reason().startsWith("switched off"))
            .mapToLong(Step::nanos)
            .max()
            .orElseThrow()
        / NANOS_PER_MILLI;
  }
}
