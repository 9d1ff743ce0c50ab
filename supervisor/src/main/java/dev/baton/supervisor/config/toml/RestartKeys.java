package dev.baton.supervisor.config.toml;

import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.RestartPolicy.Compare;
import dev.baton.supervisor.config.RestartPolicy.Memory;
import dev.baton.supervisor.config.RestartPolicy.OnFailure;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import java.time.Duration;

/** {@code [service.NAME.restart]}: how one generation follows another. */
final class RestartKeys {
  private static final RestartPolicy DEFAULT = RestartPolicy.DEFAULT;

  static final Key<Strategy> STRATEGY =
      Key.of("strategy", Forms.choice(Strategy.class))
          .fallback("\"rolling\"")
          .doc(
              "`rolling`: a few slots at a time. `all-at-once`: all are switched when all are ready."
                  + " `canary`: one slot, then a while of watching, then the rest. `handover`: the"
                  + " new boots beside the old, and is switched on when the old is gone."
                  + " `exclusive`: the new is launched when the old is gone.")
          .example("\"canary\"");

  static final Key<Integer> SURGE =
      Key.of("surge", Forms.whole(0, 100).in("slots"))
          .fallback("1")
          .doc("rolling: how many slots are replaced at a time with the new worker ready first.")
          .example("2");

  static final Key<Integer> MAX_UNAVAILABLE =
      Key.of("max-unavailable", Forms.whole(0, 100).in("slots"))
          .fallback("0")
          .doc("rolling: how many further slots are replaced with the old one stopped first.")
          .example("1");

  static final Key<Duration> SOAK =
      Key.of("soak", Forms.DURATION)
          .fallback("\"30s\"")
          .doc("canary: how long the first slot has to do well before the rest follows.")
          .example("\"5m\"");

  static final Key<Boolean> COMPARE_PROBES =
      Key.of("compare-probes", Forms.BOOLEAN)
          .fallback("false")
          .doc("canary: whether its gates are tried all through the soak, and must not fail.")
          .example("true");

  static final Key<Double> COMPARE_SLOWER =
      Key.of("compare-slower", slower())
          .otherwise("not compared")
          .doc(
              "canary: how many times slower than its siblings' the 99th percentile of its probes may"
                  + " be.")
          .example("1.5");

  static final Key<String> COMPARE_LOG =
      Key.of("compare-log", Forms.PATTERN)
          .otherwise("none")
          .doc("canary: what no line of its output may match before the soak is over.")
          .example("\"ERROR|OutOfMemory\"");

  static final Key<OnFailure> ON_FAILURE =
      Key.of("on-failure", Forms.choice(OnFailure.class))
          .fallback("\"rollback\"")
          .doc(
              "What becomes of the slots already replaced when another one fails: `rollback` returns"
                  + " them to the generation before, `halt` leaves them as they are.")
          .example("\"halt\"");

  static final Key<Memory> MEMORY =
      Key.of("memory", Forms.choice(Memory.class))
          .fallback("\"degrade\"")
          .doc(
              "When there is too little memory for old and new side by side: `degrade` goes one slot"
                  + " at a time and refuses if not even that fits, `refuse` refuses with the figures,"
                  + " `ignore` does not look.")
          .example("\"refuse\"");

  static final Key<Duration> PARK =
      Key.of("park", Forms.DURATION)
          .fallback("\"0s\"")
          .doc(
              "How long the previous generation is kept on its private faces, for a roll-back in"
                  + " milliseconds; `0s` for not at all.")
          .example("\"10m\"");

  static final Section SECTION =
      Section.one(
          "restart",
          "How one generation follows another.",
          STRATEGY,
          SURGE,
          MAX_UNAVAILABLE,
          SOAK,
          COMPARE_PROBES,
          COMPARE_SLOWER,
          COMPARE_LOG,
          ON_FAILURE,
          MEMORY,
          PARK);

  private RestartKeys() {}

  static RestartPolicy read(Table restart) {
    RestartPolicy policy =
        new RestartPolicy(
            restart.get(STRATEGY, DEFAULT.strategy()),
            restart.get(SURGE, DEFAULT.surge()),
            restart.get(MAX_UNAVAILABLE, DEFAULT.maxUnavailable()),
            restart.get(SOAK, DEFAULT.soak()),
            new Compare(
                restart.get(COMPARE_PROBES, DEFAULT.compare().probes()),
                restart.get(COMPARE_SLOWER, DEFAULT.compare().slower()),
                restart.get(COMPARE_LOG, DEFAULT.compare().log())),
            restart.get(ON_FAILURE, DEFAULT.onFailure()),
            restart.get(MEMORY, DEFAULT.memory()),
            restart.get(PARK, DEFAULT.park()));
    check(policy, restart);
    return policy;
  }

  private static void check(RestartPolicy policy, Table restart) {
    if (policy.surge() + policy.maxUnavailable() < 1) {
      restart.complain(
          SURGE, "surge and max-unavailable are both 0; one of them must be 1 or more");
    }
    if (policy.strategy() == Strategy.CANARY && policy.soak().isZero()) {
      restart.complain(SOAK, "a canary must soak for some time, not for 0s; write 30s or 5m");
    }
  }

  private static Form<Double> slower() {
    return new Form<>(
        "number, 1 to 1000",
        "times",
        Forms.orVariable("\"type\": \"number\", \"minimum\": 1, \"maximum\": 1000"),
        value -> {
          String text = value.bareText("a number", "1.5");
          if (!text.matches("\\d{1,4}(\\.\\d{1,9})?")) {
            throw new ConfigException("'" + text + "' is not a number from 1 to 1000; write 1.5");
          }
          double times = Double.parseDouble(text);
          if (times < 1 || times > 1000) {
            throw new ConfigException(text + " is out of range; write 1 to 1000");
          }
          return times;
        });
  }
}
