package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.OutputConfig;
import dev.baton.supervisor.config.OutputConfig.To;
import dev.baton.supervisor.config.Rotation;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where logs are, what is kept of them, and which are refused. */
final class LogKeysTest {
  private static final String WEB = "[service.web]\ncommand = 'java'\n";
  private static final String LOG_GATE = "ready.gate = [{ type = 'log', pattern = 'Started' }]\n";

  @Test
  void outputIsReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            [service.web.output]
            to = "file"
            path = "/var/log/shop/{worker}.log"
            error-path = "errors/web.log"
            max-size = "1GiB"
            max-age = "24h"
            keep = 30
            keep-size = "5G"
            keep-for = "720h"
            compress = false
            """);

    Rotation rotation =
        new Rotation(1L << 30, Duration.ofHours(24), 30, 5L << 30, Duration.ofHours(720), false);
    assertEquals(
        new OutputConfig(To.FILE, "/var/log/shop/{worker}.log", "errors/web.log", rotation),
        web.output());
    assertEquals(new LogConfig("output", "/var/log/shop/{worker}.log", rotation), web.outputLog());
    assertEquals(new LogConfig("error", "errors/web.log", rotation), web.errorLog());
  }

  @Test
  void outputGoesIntoAFileOfTheServiceByDefault() throws Exception {
    ServiceConfig web = Texts.web("");

    assertEquals(OutputConfig.DEFAULT, web.output());
    assertEquals(new LogConfig("output", "logs/web.log", Rotation.DEFAULT), web.outputLog());
    assertNull(web.errorLog());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ready.gate = [{ type = 'log', pattern = 'Started' }]",
        "restart.compare-log = 'ERROR'",
        "ready.gate = [{ type = 'log', pattern = 'Started' }]\noutput.path = 'logs/{worker}.log'"
      })
  void workersThatAreToldApartHaveAFileEach(String keys) throws Exception {
    assertEquals(
        new LogConfig("output", "logs/{worker}.log", Rotation.DEFAULT),
        Texts.web(keys).outputLog());
  }

  @ParameterizedTest
  @CsvSource({"inherit, INHERIT", "journal, JOURNAL"})
  void outputMayGoElsewhere(String word, To to) throws Exception {
    ServiceConfig web = Texts.web("output.to = '" + word + "'");

    assertEquals(to, web.output().to());
    assertNull(web.outputLog());
  }

  @Test
  void namedLogsAreReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            [service.web.logs.access]
            path = "access-{worker}.log"
            max-size = 0
            max-age = "1s"
            keep = 0
            keep-size = "1T"
            keep-for = "1s"
            compress = "${EMPTY:-false}"
            [service.web.logs.audit]
            """);

    Duration second = Duration.ofSeconds(1);
    assertEquals(
        ImmutableList.of(
            new LogConfig(
                "access",
                "access-{worker}.log",
                new Rotation(0, second, 0, 1L << 40, second, false)),
            new LogConfig("audit", "logs/web-audit.log", Rotation.DEFAULT)),
        web.logs());
  }

  @Test
  void logOfTheSupervisorIsReadInFull() throws Exception {
    Config config =
        Texts.parse(
            """
            [log]
            path = "/var/log/baton.log"
            format = "json"
            max-size = "4K"
            max-age = "0s"
            keep = 1000
            keep-size = 0
            keep-for = "0s"
            compress = true
            [service.web]
            command = "java"
            """);

    assertEquals(
        new SupervisorLog(
            "/var/log/baton.log",
            SupervisorLog.Format.JSON,
            new Rotation(4 << 10, Duration.ZERO, 1000, 0, Duration.ZERO, true)),
        config.log());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "'\"0\"', 0",
    "'\"0M\"', 0",
    "'\"512K\"', 524288",
    "'\"512KiB\"', 524288",
    "'\"100M\"', 104857600",
    "'\"2G\"', 2147483648",
    "'\"1024T\"', 1125899906842624",
    "'\"${NONE:-4K}\"', 4096"
  })
  void sizesAreInPowersOf1024(String written, long bytes) throws Exception {
    ServiceConfig web = Texts.web("output.keep-size = " + written);

    assertEquals(bytes, web.output().rotation().keepBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "-1", "'100'", "'100m'", "'1.5G'", "'100MB'", "'10 M'", "''"})
  void sizeWithoutAKnownUnitIsRefused(String written) {
    String shown = written.startsWith("'") ? written : "'" + written + "'";

    assertEquals(
        ImmutableList.of(
            "baton.toml:3:1: service.web.output.max-size: "
                + shown
                + " is no size; write 512K, 100M, 1G or 2T"),
        Texts.problems(WEB + "output.max-size = " + written));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-size = '3K'        | max-size: it is too small; write at least 4K, or 0 for no limit",
        "max-size = '1025T'     | max-size: '1025T' is too large; write at most 1024T",
        "keep-size = '999999999T' | keep-size: '999999999T' is too large; write at most 1024T",
        "keep-size = true       | keep-size: 'true' is not a string; write \"true\"",
        "max-age = '999ms'      | max-age: it is too short; write at least 1s, or 0s for no limit",
        "keep-for = '999ms'     | keep-for: it is too short; write at least 1s, or 0s for no limit",
        "keep-for = '30d'       | keep-for: '30d' is no duration; write 500ms, 30s, 5m or 1h",
        "keep = 1001            | keep: 1001 is out of range; write 0 to 1000",
        "keep = -1              | keep: -1 is out of range; write 0 to 1000",
        "compress = 'no'        | compress: 'no' is not a boolean; write true or false",
        "path = ''              | path: '' is empty; leave the key out if there is nothing to say",
        "path = '/var/log/'     | path: '/var/log/' is a directory; write logs/app.log",
        "path = 'logs/..'       | path: 'logs/..' is a directory; write logs/app.log",
        "path = '.'             | path: '.' is a directory; write logs/app.log",
        "max-sizes = '1G'       | max-sizes: unknown key 'max-sizes'; did you mean 'max-size'?"
      })
  void everyLogIsChecked(String key, String problem) {
    for (String section : ImmutableList.of("service.web.output", "service.web.logs.a", "log")) {
      assertEquals(
          ImmutableList.of("baton.toml:4:1: " + section + "." + problem),
          Texts.problems(WEB + "[" + section + "]\n" + key));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "output.to = 'pipe'     | output.to: 'pipe' is not possible; write file, inherit, journal; did"
            + " you mean 'file'?",
        "output = { to = 'inherit', path = 'a' } | output.path: is for to = \"file\" only, not for"
            + " inherit; remove it",
        "output = { to = 'journal', error-path = 'a' } | output.error-path: is for to = \"file\" only,"
            + " not for journal; remove it",
        "output.path = 'a/{pid}' | output.path: '{pid}' in 'a/{pid}' stands for nothing; only {worker}"
            + " does",
        "output.error-path = '{worker}{' | output.error-path: '{' in '{worker}{' stands for nothing;"
            + " only {worker} does",
        "logs.a.path = '{}'     | logs.a.path: '{}' in '{}' stands for nothing; only {worker} does",
        "logs.a.path = '{wor{worker}ker}' | logs.a.path: '{' in '{wor{worker}ker}' stands for nothing;"
            + " only {worker} does",
        "logs.output.keep = 1   | logs.output: is how a log of stdout or stderr is called; choose"
            + " another name",
        "logs.error = {}        | logs.error: is how a log of stdout or stderr is called; choose"
            + " another name",
        "logs.'a b' = {}        | logs.\"a b\": 'a b' is no name; use up to 40 letters, digits, '-' and"
            + " '_'",
        "logs = 'access'        | logs: 'access' is not a table; write [service.web.logs.NAME]",
        "log.path = 'x'         | log: unknown key 'log'; did you mean 'logs'?",
        "max-size = '1G'        | max-size: unknown key 'max-size'; did you mean 'output.max-size'?"
      })
  void logsOfAServiceAreChecked(String key, String problem) {
    ImmutableList<String> problems = Texts.problems(WEB + key);

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(
        "service.web." + problem, problems.get(0).replaceFirst("^baton.toml:3:\\d+: ", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path = '{worker}.log' | path: '{worker}' in '{worker}.log' stands for nothing; the supervisor"
            + " has one log only",
        "format = 'xml'        | format: 'xml' is not possible; write text, json",
        "to = 'inherit'        | to: unknown key 'to'; known are path, format, max-size, max-age, keep,"
            + " keep-size, keep-for, compress"
      })
  void logOfTheSupervisorIsChecked(String key, String problem) {
    assertEquals(
        ImmutableList.of("baton.toml:4:1: log." + problem), Texts.problems(WEB + "[log]\n" + key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ready.gate = [{ type = 'log', pattern = 'Started' }]",
        "restart.compare-log = 'ERROR'"
      })
  void whatTellsWorkersApartNeedsAFileOfEach(String key) {
    assertEquals(
        ImmutableList.of(
            "baton.toml:4:1: service.web.output.path: a log gate and compare-log must know who wrote a"
                + " line, and 'a.log' is shared; put {worker} into the path, as in logs/{worker}.log"),
        Texts.problems(WEB + key + "\noutput.path = 'a.log'"));
    assertEquals(
        ImmutableList.of(
            "baton.toml:4:1: service.web.output.to: a log gate and compare-log search the log of a"
                + " worker, and inherit keeps none; write \"file\""),
        Texts.problems(WEB + key + "\noutput.to = 'inherit'"));
  }

  @Test
  void pathIsTakenByWhatComesFirst() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:3:28: service.a.output.error-path: a.log is taken by service.a.output.path in"
                + " line 3; give each log a path of its own",
            "baton.toml:4:10: service.a.logs.x.path: ./b/../baton.log is taken by log.path in line 9;"
                + " give each log a path of its own",
            "baton.toml:6:1: service.a-y.output.path: logs/a-y.log is the default of"
                + " service.a.logs.y.path; give each log a path of its own"),
        Texts.problems(
            """
                [service.a]
                command = "java"
                output = { path = "a.log", error-path = "a.log" }
                logs = { x.path = "./b/../baton.log", y.keep = 1 }
                # The defaults of these two are the same.
                [service.a-y]
                command = "java"
                [log]
                path = "baton.log"
                """));
  }

  @Test
  void defaultOfTheSupervisorIsTakenToo() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:1:1: service.supervisor.output.path: logs/supervisor.log is the default of"
                + " log.path; give each log a path of its own"),
        Texts.problems("[service.supervisor]\ncommand = 'java'"));
  }

  @Test
  void filesOfWorkersOfDifferentServicesAreDifferent() throws Exception {
    Config config = Texts.parse(WEB + LOG_GATE + "[service.db]\ncommand = 'java'\n" + LOG_GATE);

    assertEquals(Texts.service(config, "web").outputLog(), Texts.service(config, "db").outputLog());
  }

  @Test
  void filesOfOneWorkerMustBeDifferent() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:4:1: service.web.logs.a.path: logs/{worker}.log is the default of"
                + " service.web.output.path; give each log a path of its own"),
        Texts.problems(WEB + LOG_GATE + "logs.a.path = 'logs/{worker}.log'"));
  }

  /** What was to be written instead is not known. */
  @Test
  void wrongPathIsNotTheDefault() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:3:1: service.web.output.path: 'x/' is a directory; write logs/app.log"),
        Texts.problems(WEB + "output.path = 'x/'\noutput.error-path = 'logs/web.log'"));
  }
}
