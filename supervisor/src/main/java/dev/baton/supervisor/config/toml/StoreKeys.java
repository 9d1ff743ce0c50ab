package dev.baton.supervisor.config.toml;

import dev.baton.supervisor.config.StorePolicy;
import java.time.Duration;

/** {@code [service.NAME.store]}: what workers may have kept for those that come after them. */
final class StoreKeys {
  private static final StorePolicy DEFAULT = StorePolicy.DEFAULT;

  static final Key<Long> SIZE =
      Key.of("size", Forms.SIZE)
          .fallback("\"64M\"")
          .doc("How much all of it may be together. It is kept in memory, as a rule.")
          .example("\"256M\"");

  static final Key<Integer> ENTRIES =
      Key.of("entries", Forms.whole(0, 10_000).in("entries"))
          .fallback("100")
          .doc("How many things; each connection takes a descriptor of the supervisor.")
          .example("1000");

  static final Key<Duration> EXPIRES =
      Key.of("expires", Forms.SOME_TIME)
          .fallback("\"1h\"")
          .doc("After how long what nobody has stored again is thrown away.")
          .example("\"10m\"");

  static final Section SECTION =
      Section.one(
          "store",
          "What its workers may have kept, by the SDK, for those that come after them.",
          SIZE,
          ENTRIES,
          EXPIRES);

  private StoreKeys() {}

  static StorePolicy read(Table store) {
    return new StorePolicy(
        store.get(SIZE, DEFAULT.size()),
        store.get(ENTRIES, DEFAULT.entries()),
        store.get(EXPIRES, DEFAULT.expires()));
  }
}
