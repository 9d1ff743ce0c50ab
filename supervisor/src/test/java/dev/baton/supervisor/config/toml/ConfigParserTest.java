package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.AddressPattern;
import dev.baton.supervisor.config.BindPolicy;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.FailurePolicy;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.Readiness;
import dev.baton.supervisor.config.RestartPolicy;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.Staging;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.config.Timing;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what comes out. */
final class ConfigParserTest {
  @Test
  void commandIsEnough() throws Exception {
    Config config = Texts.parse("[service.web]\ncommand = [\"java\", \"-jar\", \"app.jar\"]");

    ServiceConfig web =
        ServiceConfig.running("web", ImmutableList.of("java", "-jar", "app.jar")).build();
    assertEquals(
        new Config("host", ImmutableMap.of("web", web), 4096, SupervisorLog.DEFAULT), config);
  }

  @Test
  void servicesKeepTheirOrder() throws Exception {
    Config config =
        Texts.parse(
            "[service]\nz.command = \"z\"\na.command = \"a\"\n[service.m]\ncommand = \"m\"");

    assertEquals(ImmutableList.of("z", "a", "m"), config.services().keySet().asList());
  }

  @Test
  void launchIsReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            directory = "/srv/shop"
            environment-file = "shop.env"
            java-home = "/usr/lib/jvm/java-17"
            jvm-options = ["-Xmx512m", "-Xms64m"]
            user = "shop"
            stage = ["conf"]
            [service.web.environment]
            MODE = "prod"
            """);

    assertEquals(
        new Launch(
            ImmutableList.of("java"),
            "/srv/shop",
            ImmutableMap.of("MODE", "prod"),
            "/etc/baton/shop.env",
            "/usr/lib/jvm/java-17",
            ImmutableList.of("-Xmx512m", "-Xms64m"),
            "shop",
            new Staging(true, ImmutableList.of("conf"))),
        web.launch());
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false", "'[]', true", "'\"${EMPTY:-false}\"', false"})
  void stagingIsABooleanOrPaths(String written, boolean jars) throws Exception {
    assertEquals(
        new Staging(jars, ImmutableList.of()), Texts.web("stage = " + written).launch().staging());
  }

  @Test
  void listenersHaveAShortAndALongForm() throws Exception {
    Config config =
        Texts.parse(
            """
            backlog = 100
            [service.web]
            command = "java"
            listen = ["0.0.0.0:8080"]
            [service.web.listener.six]
            address = "[::1]:8081"
            backlog = 8192
            v6only = true
            reuse-port = true
            [service.web.listener.admin]
            address = "unix:/run/shop.sock"
            mode = "0660"
            owner = "shop:www-data"
            """);

    assertEquals(
        ImmutableList.of(
            ListenerConfig.of(Address.parse("8080"), 100),
            new ListenerConfig("six", Address.parse("[::1]:8081"), 8192, true, true, "", ""),
            new ListenerConfig(
                "admin",
                Address.unix("/run/shop.sock"),
                100,
                false,
                false,
                "0660",
                "shop:www-data")),
        Texts.service(config, "web").listeners());
  }

  @Test
  void bindPolicyIsReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            "[service.web.bind]\nlocal = [\"9000-9999\"]\ndeny = [\"udp:*\"]\nothers = \"deny\"");

    assertEquals(
        new BindPolicy(
            ImmutableList.of(AddressPattern.parse("9000-9999")),
            ImmutableList.of(AddressPattern.parse("udp:*")),
            BindPolicy.Others.DENY),
        web.bind());
  }

  @Test
  void probeIsTheShortFormOfAGate() throws Exception {
    ServiceConfig web =
        Texts.web("[service.web.ready]\nprobe = \"https:8443/up\"\nevery = \"10s\"\nfailures = 5");

    assertEquals(
        new Readiness(Gate.parse("https:8443/up"), Duration.ofSeconds(10), 5, null),
        web.readiness());
  }

  @Test
  void gatesAreReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            [[service.web.ready.gate]]
            type = "tcp"
            timeout = "2s"
            [[service.web.ready.gate]]
            type = "https"
            port = 8443
            path = "/health"
            method = "HEAD"
            status = 204
            body = "UP"
            repeats = 3
            timeout = "5s"
            [[service.web.ready.gate]]
            type = "log"
            pattern = "Started in \\\\d+"
            [[service.web.ready.gate]]
            type = "exec"
            command = "check --quick"
            [[service.web.ready.gate]]
            type = "worker"
            """);

    assertEquals(
        ImmutableList.of(
            new Gate.Tcp(Duration.ofSeconds(2)),
            new Gate.Http(
                true,
                8443,
                "/health",
                "HEAD",
                new Gate.Statuses(204, 204),
                "UP",
                3,
                Duration.ofSeconds(5)),
            new Gate.Log("Started in \\d+"),
            new Gate.Exec(ImmutableList.of("check", "--quick"), Gate.DEFAULT_TIMEOUT),
            new Gate.Said()),
        web.readiness().gates());
  }

  @Test
  void endOfAWorkerIsReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            ready.start-timeout = "3m"
            drain.linger = "0s"
            stop.signal = "INT"
            stop.timeout = "500ms"
            """);

    assertEquals(
        new Timing(Duration.ofMinutes(3), Duration.ZERO, Duration.ofMillis(500), "INT"),
        web.timing());
  }

  @Test
  void restartPolicyIsReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            [service.web.restart]
            strategy = "all-at-once"
            surge = 0
            max-unavailable = 2
            soak = "5m"
            compare-probes = true
            compare-slower = 1.5
            compare-log = "ERROR|WARN"
            on-failure = "halt"
            memory = "refuse"
            park = "10m"
            """);

    assertEquals(
        new RestartPolicy(
            RestartPolicy.Strategy.ALL_AT_ONCE,
            0,
            2,
            Duration.ofMinutes(5),
            new RestartPolicy.Compare(true, 1.5, "ERROR|WARN"),
            RestartPolicy.OnFailure.HALT,
            RestartPolicy.Memory.REFUSE,
            Duration.ofMinutes(10)),
        web.restart());
  }

  @Test
  void failurePolicyIsReadInFull() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            [service.web.failure]
            back-off = "1s"
            longest-back-off = "1m"
            budget = 3
            period = "1h"
            watchdog = "0s"
            """);

    assertEquals(
        new FailurePolicy(
            Duration.ofSeconds(1), Duration.ofMinutes(1), 3, Duration.ofHours(1), Duration.ZERO),
        web.failure());
  }

  @Test
  void servicesMayWaitForOthersWhereverTheseStand() throws Exception {
    Config config =
        Texts.parse(
            """
            [service.web]
            command = "java"
            after = ["db", "cache"]
            [service.cache]
            command = "java"
            after = ["db"]
            [service.db]
            command = "java"
            """);

    assertEquals(ImmutableSet.of("db", "cache"), Texts.service(config, "web").after());
  }

  @Test
  void numbersAndBooleansMayComeFromTheEnvironment() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            workers = "${NONE:-4}"
            listen = ["127.0.0.1:${PORT}"]
            restart.compare-probes = "${EMPTY:-true}"
            restart.compare-slower = "${NONE:-2}"
            """);

    assertEquals(4, web.workers());
    assertEquals(Address.parse("127.0.0.1:9090"), web.listeners().get(0).address());
    assertEquals(new RestartPolicy.Compare(true, 2, ""), web.restart().compare());
  }

  @Test
  void wordsOfACommandAreExpandedAfterTheyAreSplit() throws Exception {
    Config config = Texts.parse("[service.web]\ncommand = \"run ${SPACED} '${NONE:-c d}'$$1\"");

    assertEquals(
        ImmutableList.of("run", "a b", "c d$1"), Texts.service(config, "web").launch().command());
  }

  /** The same port is not the same address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'8080', 'udp:8080'",
        "'127.0.0.1:8080', '127.0.0.2:8080'",
        "'127.0.0.1:8080', '[::1]:8080'",
        "'unix:/a', 'unix:/b'"
      })
  void differentAddressesMayStandSideBySide(String listen) throws Exception {
    assertEquals(2, Texts.web("listen = [" + listen + "]").listeners().size());
  }

  @Test
  void socketOfEveryIpv6AddressMayLeaveIpv4ToOthers() throws Exception {
    ServiceConfig web =
        Texts.web(
            """
            listen = ["127.0.0.1:80"]
            [service.web.listener.six]
            address = "[::]:80"
            v6only = true
            """);

    assertEquals(2, web.listeners().size());
  }
}
