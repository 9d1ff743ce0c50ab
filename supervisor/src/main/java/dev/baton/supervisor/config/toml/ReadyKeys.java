package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.Readiness;
import java.time.Duration;

/** {@code [service.NAME.ready]}: when a worker may get clients, and whether it still may. */
final class ReadyKeys {
  static final Key<ImmutableList<Gate>> PROBE =
      Key.of("probe", Forms.text("probe", "none|tcp|worker|https?:\\d*/\\S*", ReadyKeys::probe))
          .fallback("\"tcp\"")
          .doc(
              "The short form of one gate: `tcp`, `worker`, `http:/PATH`, `http:PORT/PATH`, the same with"
                  + " `https`, or `none`: that it listens is enough.")
          .example("\"http:/health\"");

  static final Key<Duration> EVERY =
      Key.of("every", Forms.DURATION)
          .fallback("\"0s\"")
          .doc("How often the gates of a serving worker are tried again; `0s` for never.")
          .example("\"10s\"");

  static final Key<Integer> FAILURES =
      Key.of("failures", Forms.whole(1, 1000).in("tries"))
          .fallback("3")
          .doc("How many tries in a row must fail before a serving worker is taken for sick.")
          .example("5");

  static final Key<Duration> START_TIMEOUT =
      Key.of("start-timeout", Forms.SOME_TIME)
          .fallback("\"60s\"")
          .doc("From launch until a worker has passed its gates; a warm-up has a time of its own.")
          .example("\"3m\"");

  static final Section SECTION =
      Section.one(
              "ready",
              "What a worker has to pass before it gets clients, and later to keep them.",
              PROBE,
              EVERY,
              FAILURES,
              START_TIMEOUT)
          .with(GateKeys.SECTION, WarmUpKeys.SECTION);

  private ReadyKeys() {}

  static Readiness read(Table ready) {
    ImmutableList<Table> gates = ready.list(GateKeys.SECTION);
    ImmutableList<Gate> probe = ready.get(PROBE, Readiness.DEFAULT.gates());
    if (!gates.isEmpty() && ready.has(PROBE)) {
      ready.complain(
          PROBE, "is the short form of a gate, and there are gates too; keep one of them");
    }
    return new Readiness(
        gates.isEmpty() ? probe : GateKeys.read(gates),
        ready.get(EVERY, Readiness.DEFAULT.every()),
        ready.get(FAILURES, Readiness.DEFAULT.failures()),
        ready.has(WarmUpKeys.SECTION) ? WarmUpKeys.read(ready.part(WarmUpKeys.SECTION)) : null);
  }

  private static ImmutableList<Gate> probe(String text) throws ConfigException {
    ImmutableList<Gate> gates = Gate.parse(text);
    for (Gate gate : gates) {
      if (gate instanceof Gate.Http http && http.port() > 65535) {
        throw new ConfigException("the port in '" + text + "' is not between 1 and 65535");
      }
    }
    return gates;
  }
}
