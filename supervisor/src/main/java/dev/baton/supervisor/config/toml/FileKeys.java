package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.SupervisorLog;

/** The file itself. */
final class FileKeys {
  /** The kernel's own limit is {@code net.core.somaxconn}, and no larger one is of use. */
  static final Form<Integer> BACKLOG_FORM = Forms.whole(1, 1_000_000).in("connections");

  static final Key<String> NAME =
      Key.of("name", Forms.NAME_OF_IT)
          .otherwise("the name of the file's directory")
          .doc("How commands find the supervisor: up to 40 letters, digits, `-` and `_`.")
          .example("\"shop\"");

  static final Key<Integer> BACKLOG =
      Key.of("backlog", BACKLOG_FORM)
          .fallback("" + ListenerConfig.DEFAULT_BACKLOG)
          .doc(
              "Length of the accept queue of listeners that do not say theirs. The kernel allows no"
                  + " more than `net.core.somaxconn`.")
          .example("8192");

  static final Section SECTION =
      Section.one("", "The supervisor.", NAME, BACKLOG).with(ServiceKeys.SECTION, LogKeys.LOG);

  private FileKeys() {}

  static Config read(Table file) {
    String name = file.get(NAME, file.reading().source().name());
    int backlog = file.get(BACKLOG, ListenerConfig.DEFAULT_BACKLOG);
    ImmutableMap<String, Table> tables = file.named(ServiceKeys.SECTION);
    if (tables.isEmpty() && !file.isMeant(ServiceKeys.SECTION)) {
      file.missing("there is no service; write [service.NAME] and its command");
    }
    ImmutableList.Builder<ServiceKeys.Read> read = ImmutableList.builder();
    tables.forEach((service, table) -> read.add(ServiceKeys.read(service, table, backlog)));
    ImmutableList<ServiceKeys.Read> services = read.build();
    Table log = file.part(LogKeys.LOG);
    SupervisorLog supervisorLog = LogKeys.log(log);
    if (file.reading().isWhole()) {
      StartOrder.check(services);
      TakenAddresses.check(services);
      TakenLogs.check(TakenLogs.of(supervisorLog, log), services, file.reading());
    }
    return new Config(
        name,
        services.stream()
            .map(ServiceKeys.Read::config)
            .collect(ImmutableMap.toImmutableMap(one -> one.name(), one -> one)),
        backlog,
        supervisorLog);
  }
}
