package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import java.time.Duration;

/** {@code [service.NAME.drain]} and {@code [service.NAME.stop]}: how a worker ends. */
final class StopKeys {
  private static final ImmutableList<String> SIGNALS =
      ImmutableList.of("TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "KILL");

  static final Key<Duration> LINGER =
      Key.of("linger", Forms.DURATION)
          .fallback("\"30s\"")
          .doc(
              "How long a worker that was switched off may finish its connections before it is"
                  + " stopped. It has as long, or 5 s if that is more, to answer that it was.")
          .example("\"2m\"");

  static final Key<String> SIGNAL =
      Key.of(
              "signal",
              Forms.text(
                  String.join(", ", SIGNALS),
                  String.join("|", SIGNALS),
                  text -> Forms.oneOf(SIGNALS, text)))
          .fallback("\"TERM\"")
          .doc("What a worker is stopped with.")
          .example("\"INT\"");

  static final Key<Duration> TIMEOUT =
      Key.of("timeout", Forms.DURATION)
          .fallback("\"10s\"")
          .doc("From the stop signal to SIGKILL; a thread dump is taken before.")
          .example("\"30s\"");

  static final Section DRAIN =
      Section.one("drain", "From switched off to the stop signal.", LINGER);

  static final Section STOP =
      Section.one("stop", "From the stop signal to the end.", SIGNAL, TIMEOUT);

  private StopKeys() {}
}
