package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.OutputConfig;
import dev.baton.supervisor.config.OutputConfig.To;
import dev.baton.supervisor.config.Rotation;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code [service.NAME.output]}, {@code [service.NAME.logs.NAME]} and {@code [log]}: where logs
 * are, and what is kept of them.
 */
final class LogKeys {
  /** What the stdout and stderr of a service are called. */
  private static final ImmutableSet<String> RESERVED =
      ImmutableSet.of(LogConfig.OUTPUT, LogConfig.ERROR);

  /** Less would be rotated at every other line. */
  private static final long SMALLEST = 4 << 10;

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** What stands, or seems to stand, for something else; or is half of that. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*\\}|[{}]");

  private static final Form<String> PATH =
      Forms.text(
          "path",
          "([^{}]|\\{worker\\})*([^{}/]|\\{worker\\})",
          text -> path(text, LogConfig.WORKER, "only {worker} does"));

  private static final Form<Duration> AGE = Forms.DURATION.where(LogKeys::noInstant);

  static final Key<To> TO =
      Key.of("to", Forms.choice(To.class))
          .fallback("\"file\"")
          .doc(
              "`file`: a log that the supervisor opens and workers write into. `inherit`: the"
                  + " supervisor's own stdout and stderr, as containers want it. `journal`: the system"
                  + " journal.")
          .example("\"inherit\"");

  static final Key<String> OUTPUT_PATH =
      Key.of("path", PATH)
          .otherwise(
              "`logs/SERVICE.log`; `logs/{worker}.log` beside a `log` gate or `compare-log`, which"
                  + " must know who wrote a line")
          .doc(
              "file: where it is, from the state directory. With `{worker}` in it each worker has a"
                  + " file of its own.")
          .example("\"/var/log/shop/web.log\"");

  static final Key<String> ERROR_PATH =
      Key.of("error-path", PATH)
          .otherwise("where stdout goes")
          .doc("file: where stderr goes, if not where stdout does.")
          .example("\"logs/web-error.log\"");

  static final Key<String> NAMED_PATH =
      Key.of("path", PATH)
          .otherwise("`logs/SERVICE-NAME.log`")
          .doc(
              "Where it is, from the state directory. With `{worker}` in it each worker has a file of"
                  + " its own.")
          .example("\"/var/log/shop/access.log\"");

  static final Key<String> OWN_PATH =
      Key.of(
              "path",
              Forms.text(
                  "path",
                  "[^{}]*[^{}/]",
                  text -> path(text, "", "the supervisor has one log only")))
          .fallback("\"logs/supervisor.log\"")
          .doc("Where it is, from the state directory.")
          .example("\"/var/log/shop/baton.log\"");

  static final Key<SupervisorLog.Format> FORMAT =
      Key.of("format", Forms.choice(SupervisorLog.Format.class))
          .fallback("\"text\"")
          .doc("`text`: for people. `json`: an object a line.")
          .example("\"json\"");

  static final Key<Long> MAX_SIZE =
      Key.of("max-size", Forms.SIZE.where(LogKeys::someLines))
          .fallback("\"100M\"")
          .doc("The size at which it is rotated; `0` for any.")
          .example("\"1G\"");

  static final Key<Duration> MAX_AGE =
      Key.of("max-age", AGE)
          .fallback("\"0s\"")
          .doc("How long after its beginning it is rotated, whatever its size; `0s` for never.")
          .example("\"24h\"");

  static final Key<Integer> KEEP =
      Key.of("keep", Forms.whole(0, 1000).in("archives"))
          .fallback("10")
          .doc("How many archives are kept; the oldest go first. `0` for any number.")
          .example("30");

  static final Key<Long> KEEP_SIZE =
      Key.of("keep-size", Forms.SIZE)
          .fallback("0")
          .doc("How large all archives together may be; `0` for any size.")
          .example("\"5G\"");

  static final Key<Duration> KEEP_FOR =
      Key.of("keep-for", AGE)
          .fallback("\"0s\"")
          .doc("How old an archive may become; `0s` for any age.")
          .example("\"720h\"");

  static final Key<Boolean> COMPRESS =
      Key.of("compress", Forms.BOOLEAN)
          .fallback("true")
          .doc("Whether archives are compressed, with gzip, once nobody writes into them.")
          .example("false");

  static final Section OUTPUT =
      section(
          "output",
          Section.Shape.ONE,
          "Where stdout and stderr of its workers go. What is said of rotation is for `file` only.",
          TO,
          OUTPUT_PATH,
          ERROR_PATH);

  static final Section LOGS =
      section(
          "logs",
          Section.Shape.NAMED,
          "A log that workers ask for by its `NAME`; not `output` or `error`, which are those of"
              + " stdout and stderr.",
          NAMED_PATH);

  static final Section LOG =
      section("log", Section.Shape.ONE, "The supervisor's own log.", OWN_PATH, FORMAT);

  private LogKeys() {}

  private static Section section(String name, Section.Shape shape, String doc, Key<?>... its) {
    ImmutableList<Key<?>> keys =
        ImmutableList.<Key<?>>builder()
            .add(its)
            .add(MAX_SIZE, MAX_AGE, KEEP, KEEP_SIZE, KEEP_FOR, COMPRESS)
            .build();
    return new Section(name, shape, doc, keys, ImmutableList.of());
  }

  static OutputConfig output(Table output) {
    To to = output.get(TO, To.FILE);
    refuseUnlessFile(to, OUTPUT_PATH, output);
    refuseUnlessFile(to, ERROR_PATH, output);
    return new OutputConfig(
        to, output.get(OUTPUT_PATH, ""), output.get(ERROR_PATH, ""), rotation(output));
  }

  private static void refuseUnlessFile(To to, Key<String> path, Table output) {
    if (to != To.FILE && output.has(path)) {
      output.complain(path, "is for to = \"file\" only, not for " + word(to) + "; remove it");
    }
  }

  static ImmutableList<LogConfig> logs(String service, ImmutableMap<String, Table> logs) {
    ImmutableList.Builder<LogConfig> read = ImmutableList.builder();
    logs.forEach(
        (name, table) -> {
          if (RESERVED.contains(name)) {
            table.complain("is how a log of stdout or stderr is called; choose another name");
          }
          String path = table.get(NAMED_PATH, "logs/" + service + "-" + name + ".log");
          read.add(new LogConfig(name, path, rotation(table)));
        });
    return read.build();
  }

  static SupervisorLog log(Table log) {
    return new SupervisorLog(
        log.get(OWN_PATH, SupervisorLog.DEFAULT.path()),
        log.get(FORMAT, SupervisorLog.DEFAULT.format()),
        rotation(log));
  }

  private static Rotation rotation(Table log) {
    Rotation otherwise = Rotation.DEFAULT;
    return new Rotation(
        log.get(MAX_SIZE, otherwise.maxBytes()),
        log.get(MAX_AGE, otherwise.maxAge()),
        log.get(KEEP, otherwise.keep()),
        log.get(KEEP_SIZE, otherwise.keepBytes()),
        log.get(KEEP_FOR, otherwise.keepFor()),
        log.get(COMPRESS, otherwise.compress()));
  }

  /** What is searched for lines of one worker has to be that worker's. */
  static void check(ServiceConfig service, Table output) {
    if (!service.tellsWorkersApart()) {
      return;
    }
    LogConfig log = service.outputLog();
    if (log == null) {
      output.complain(
          TO,
          "a log gate and compare-log search the log of a worker, and "
              + word(service.output().to())
              + " keeps none; write \"file\"");
    } else if (!log.isPerWorker()) {
      output.complain(
          OUTPUT_PATH,
          "a log gate and compare-log must know who wrote a line, and '"
              + log.path()
              + "' is shared; put {worker} into the path, as in logs/{worker}.log");
    }
  }

  private static String word(To to) {
    return to.name().toLowerCase(Locale.ROOT);
  }

  private static void noInstant(Duration age) throws ConfigException {
    if (!age.isZero() && age.compareTo(SHORTEST) < 0) {
      throw new ConfigException("it is too short; write at least 1s, or 0s for no limit");
    }
  }

  private static void someLines(long bytes) throws ConfigException {
    if (bytes != 0 && bytes < SMALLEST) {
      throw new ConfigException("it is too small; write at least 4K, or 0 for no limit");
    }
  }

  /**
   * Reads the path of a file.
   *
   * @param placeholder what may stand in it for something else; empty for nothing
   * @param why nothing else may
   */
  private static String path(String text, String placeholder, String why) throws ConfigException {
    Matcher found = PLACEHOLDER.matcher(Forms.notEmpty(text));
    while (found.find()) {
      if (!found.group().equals(placeholder)) {
        throw new ConfigException(
            "'" + found.group() + "' in '" + text + "' stands for nothing; " + why);
      }
    }
    String last = text.substring(text.lastIndexOf('/') + 1);
    if (last.isEmpty() || last.equals(".") || last.equals("..")) {
      throw new ConfigException("'" + text + "' is a directory; write logs/app.log");
    }
    return text;
  }
}
