package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.toml.Forms.Placed;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code [service.NAME.listener.NAME]}: a listener that is opened before the first worker. */
final class ListenerKeys {
  /** {@code sun_path} has 108 bytes, the last of which is a NUL. */
  private static final int LONGEST_PATH_BYTES = 107;

  private static final String OWNER_EXPRESSION =
      "[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?|:[A-Za-z0-9_][A-Za-z0-9_.-]*";

  static final Form<Address> ADDRESS_FORM =
      Forms.text(
              "address", "unix:/.+|((tcp|udp):)?((\\[[^\\]]+\\]|[^:]*):)?\\d{1,5}", Address::parse)
          .where(ListenerKeys::path);

  static final Key<Address> ADDRESS =
      Key.of("address", ADDRESS_FORM)
          .otherwise("required")
          .doc(
              "`[tcp:|udp:][HOST:]PORT` or `unix:/PATH`, where `HOST` is an IP address (IPv6 in"
                  + " brackets) or `*`.")
          .example("\"0.0.0.0:8080\"");

  static final Key<Integer> BACKLOG =
      Key.of("backlog", FileKeys.BACKLOG_FORM)
          .otherwise("the file's `backlog`")
          .doc("Length of its accept queue.")
          .example("8192");

  static final Key<Boolean> V6ONLY =
      Key.of("v6only", Forms.BOOLEAN)
          .fallback("false")
          .doc("Whether a socket of every IPv6 address leaves IPv4 alone. IPv6 and `*` only.")
          .example("true");

  static final Key<Boolean> REUSE_PORT =
      Key.of("reuse-port", Forms.BOOLEAN)
          .fallback("false")
          .doc(
              "One socket for each slot instead of one for all; the kernel spreads connections among"
                  + " them (`SO_REUSEPORT`). tcp and udp only.")
          .example("true");

  static final Key<String> MODE =
      Key.of("mode", Forms.text("octal digits", "0?[0-7]{3}", ListenerKeys::mode))
          .otherwise("what the umask leaves")
          .doc("Access to the path. unix only.")
          .example("\"0660\"");

  static final Key<String> OWNER =
      Key.of("owner", Forms.text("owner", OWNER_EXPRESSION, ListenerKeys::owner))
          .otherwise("the supervisor's")
          .doc("Owner of the path: `USER`, `USER:GROUP` or `:GROUP`. unix only.")
          .example("\"shop:www-data\"");

  static final Section SECTION =
      Section.one(
              "listener",
              "A listener, opened before the first worker starts; every worker has to bind it."
                  + " `NAME` is what messages and the SDK call it.",
              ADDRESS,
              BACKLOG,
              V6ONLY,
              REUSE_PORT,
              MODE,
              OWNER)
          .shaped(Section.Shape.NAMED);

  private ListenerKeys() {}

  /** One, or none if it has no address that could be used. */
  static ImmutableList<Placed<ListenerConfig>> read(String name, Table table, int backlog) {
    Address address = table.require(ADDRESS, Address.unix("/"));
    ListenerConfig listener =
        new ListenerConfig(
            name,
            address,
            table.get(BACKLOG, backlog),
            table.get(V6ONLY, false),
            table.get(REUSE_PORT, false),
            table.get(MODE, ""),
            table.get(OWNER, ""));
    Value value = table.value(ADDRESS);
    if (value == null || address.path().equals("/")) {
      return ImmutableList.of();
    }
    check(listener, table);
    return ImmutableList.of(new Placed<>(listener, value));
  }

  private static void check(ListenerConfig listener, Table table) {
    Address address = listener.address();
    boolean six = address.host().equals("*") || address.host().contains(":");
    only(table, V6ONLY, !six, "an IPv6 address or *", address);
    only(table, REUSE_PORT, address.isUnix(), "tcp and udp", address);
    only(table, MODE, !address.isUnix(), "unix", address);
    only(table, OWNER, !address.isUnix(), "unix", address);
  }

  private static void only(
      Table table, Key<?> key, boolean isMisplaced, String where, @Nullable Address address) {
    if (isMisplaced && table.has(key)) {
      table.complain(key, "is for listeners of " + where + " only, not for " + address);
    }
  }

  private static void path(Address address) throws ConfigException {
    int bytes = address.path().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_PATH_BYTES) {
      throw new ConfigException(
          "'" + address + "' has a path of " + bytes + " bytes; the kernel takes 107");
    }
    if (address.path().endsWith("/")) {
      throw new ConfigException("'" + address + "' is a directory; write unix:/run/app.sock");
    }
  }

  private static String mode(String text) throws ConfigException {
    if (!text.matches("0?[0-7]{3}")) {
      throw new ConfigException("'" + text + "' is no mode; write octal digits such as \"0660\"");
    }
    return text;
  }

  private static String owner(String text) throws ConfigException {
    if (!text.matches(OWNER_EXPRESSION)) {
      throw new ConfigException("'" + text + "' is no owner; write USER, USER:GROUP or :GROUP");
    }
    return text;
  }
}
