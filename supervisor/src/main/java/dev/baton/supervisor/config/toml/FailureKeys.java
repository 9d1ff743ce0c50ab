package dev.baton.supervisor.config.toml;

import dev.baton.supervisor.config.FailurePolicy;
import java.time.Duration;

/** {@code [service.NAME.failure]}: what becomes of a service whose workers die. */
final class FailureKeys {
  private static final FailurePolicy DEFAULT = FailurePolicy.DEFAULT;

  static final Key<Duration> BACK_OFF =
      Key.of("back-off", Forms.SOME_TIME)
          .fallback("\"100ms\"")
          .doc("The pause before the first new attempt; it doubles with each further crash.")
          .example("\"1s\"");

  static final Key<Duration> LONGEST_BACK_OFF =
      Key.of("longest-back-off", Forms.SOME_TIME)
          .fallback("\"10s\"")
          .doc("Where the doubling ends.")
          .example("\"1m\"");

  static final Key<Integer> BUDGET =
      Key.of("budget", Forms.whole(0, 10_000).in("crashes"))
          .fallback("10")
          .doc("How many crashes within `period` are borne; one more and the service has failed.")
          .example("3");

  static final Key<Duration> PERIOD =
      Key.of("period", Forms.SOME_TIME)
          .fallback("\"5m\"")
          .doc("The time in which crashes are counted.")
          .example("\"1h\"");

  static final Key<Duration> WATCHDOG =
      Key.of("watchdog", Forms.DURATION)
          .fallback("\"30s\"")
          .doc("How long a worker may say nothing before it is replaced; `0s` for ever.")
          .example("\"10s\"");

  static final Key<Duration> ORPHAN =
      Key.of("orphan-timeout", Forms.DURATION)
          .fallback("\"0s\"")
          .doc(
              "How long a worker serves without any supervisor before it drains and ends; `0s` for"
                  + " ever.")
          .example("\"1h\"");

  static final Key<Integer> EVIDENCE =
      Key.of("evidence", Forms.whole(1, 1000).in("folders"))
          .fallback("10")
          .doc(
              "Of how many workers that died, or would not end, it is kept what is known of them:"
                  + " stacks, connections, last lines.")
          .example("3");

  static final Section SECTION =
      Section.one(
          "failure",
          "What becomes of a service whose workers die.",
          BACK_OFF,
          LONGEST_BACK_OFF,
          BUDGET,
          PERIOD,
          WATCHDOG,
          ORPHAN,
          EVIDENCE);

  private FailureKeys() {}

  static FailurePolicy read(Table failure) {
    Duration backOff = failure.get(BACK_OFF, DEFAULT.backOff());
    Duration longest = failure.get(LONGEST_BACK_OFF, DEFAULT.longestBackOff());
    if (longest.compareTo(backOff) < 0) {
      Key<?> written = failure.has(LONGEST_BACK_OFF) ? LONGEST_BACK_OFF : BACK_OFF;
      failure.complain(
          written, "longest-back-off is shorter than back-off; write at least the same time");
    }
    return new FailurePolicy(
        backOff,
        longest,
        failure.get(BUDGET, DEFAULT.budget()),
        failure.get(PERIOD, DEFAULT.period()),
        failure.get(WATCHDOG, DEFAULT.watchdog()),
        failure.get(ORPHAN, DEFAULT.orphan()),
        failure.get(EVIDENCE, DEFAULT.evidence()));
  }
}
