package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.AddressPattern;
import dev.baton.supervisor.config.BindPolicy;

/** {@code [service.NAME.bind]}: what workers may bind besides their listeners. */
final class BindKeys {
  private static final Form<ImmutableList<AddressPattern>> PATTERNS =
      Forms.listOf(
          Forms.text(
              "address pattern",
              "unix:/.*|((tcp|udp):)?((\\[[^\\]]+\\]|[^:]+):)?(\\*|\\d{1,5}(-\\d{1,5})?)",
              AddressPattern::parse));

  static final Key<ImmutableList<AddressPattern>> LOCAL =
      Key.of("local", PATTERNS)
          .fallback("[]")
          .doc("Addresses that each worker binds by itself, without the supervisor.")
          .example("[\"9000-9999\", \"127.0.0.1:*\"]");

  static final Key<ImmutableList<AddressPattern>> DENY =
      Key.of("deny", PATTERNS)
          .fallback("[]")
          .doc("Addresses that are refused with `EACCES`; this goes before `local`.")
          .example("[\"udp:*\", \"unix:/tmp/*\"]");

  static final Key<BindPolicy.Others> OTHERS =
      Key.of("others", Forms.choice(BindPolicy.Others.class))
          .fallback("\"hold\"")
          .doc(
              "What becomes of addresses in neither list: `hold` binds and holds them as if they were"
                  + " configured, `local` leaves them to the worker, `deny` refuses them.")
          .example("\"deny\"");

  static final Section SECTION =
      Section.one(
          "bind",
          "What becomes of addresses that a worker binds and that are none of its listeners.",
          LOCAL,
          DENY,
          OTHERS);

  private BindKeys() {}

  static BindPolicy read(Table bind) {
    return new BindPolicy(
        bind.get(LOCAL, BindPolicy.HOLD_ALL.local()),
        bind.get(DENY, BindPolicy.HOLD_ALL.deny()),
        bind.get(OTHERS, BindPolicy.HOLD_ALL.others()));
  }
}
