package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong is said in one line each, with its place and what to write instead. */
final class ProblemsTest {
  @Test
  void allProblemsAreReportedAtOnceInTheOrderOfTheText() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:1:1: nmae: unknown key 'nmae'; did you mean 'name'?",
            "baton.toml:2:1: backlog: 0 is out of range; write 1 to 1000000",
            "baton.toml:3:1: service.web: command is missing; write command = [\"java\", \"-jar\","
                + " \"shop.jar\"]",
            "baton.toml:4:3: service.web.workers: 101 is out of range; write 1 to 100",
            "baton.toml:7:3: service.web.listen: port 99999 in '99999' is not between 1 and 65535",
            "baton.toml:9:1: service.web.drain.linger: '30' is no duration; write 500ms, 30s, 5m or"
                + " 1h"),
        Texts.problems(
            """
            nmae = "shop"
            backlog = 0
            [service.web]
              workers = 101
            listen = [
              "8080",
              "99999" ]
            [service.web.drain]
            linger = 30
            """));
  }

  @Test
  void everyErrorOfSyntaxIsReportedBesideWrongValues() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:2:11: unexpected '=', expected a value",
            "baton.toml:3:1: service.web.workers: 0 is out of range; write 1 to 100",
            "baton.toml:4:1: service.web.wokrers: unknown key 'wokrers'; did you mean 'workers'?",
            "baton.toml:5:10: invalid escape sequence '\\q'"),
        Texts.problems(
            """
            [service.web]
            command = = "java"
            workers = 0
            wokrers = 2
            user = "a\\qb"
            """));
  }

  /** What follows would be taken for keys of the table before. */
  @Test
  void nothingMoreIsSaidAfterAnErrorInAHeader() {
    assertEquals(
        ImmutableList.of("baton.toml:1:13: unexpected end of line, expected ]"),
        Texts.problems("[service.web\nwokrers = 2\n"));
  }

  @Test
  void nothingIsMissingThatMayBeHiddenByAnErrorOfSyntax() {
    assertEquals(1, Texts.problems("[service.web]\ncommand = \"java\n").size());
  }

  @Test
  void problemIsOneLineWhateverTheValueHolds() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:1:1: name: 'a\\nb\\u001Bc' is no name; use up to 40 letters, digits, '-' and"
                + " '_'"),
        Texts.problems("name = \"a\\nb\\u001Bc\"\n[service.web]\ncommand = \"java\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                 | 1:1: there is no service; write [service.NAME] and its"
            + " command",
        "serv1ce.web.command = 'x'        | 1:1: serv1ce: unknown key 'serv1ce'; did you mean"
            + " 'service'?",
        "name = 'a b'                     | 1:1: name: 'a b' is no name; use up to 40 letters, digits,"
            + " '-' and '_'",
        "name = 1                         | 1:1: name: '1' is not a string; write \"1\"",
        "backlog = 'many'                 | 1:1: backlog: 'many' is not a whole number; write 1 to"
            + " 1000000",
        "backlog = '${HOME}'              | 1:1: backlog: '/root' is not a whole number; write 1 to"
            + " 1000000",
        "service = 1                      | 1:1: service: '1' is not a table; write [service.NAME]",
        "service.web = 1                  | 1:1: service.web: '1' is not a table; write [service.web]",
        "service.'a b'.command = 'x'      | 1:1: service.\"a b\": 'a b' is no name; use up to 40"
            + " letters, digits, '-' and '_'",
        "service.web.comand = 'x'         | 1:1: service.web.comand: unknown key 'comand'; did you"
            + " mean 'command'?"
      })
  void fileIsChecked(String text, String problem) {
    String written = text == null ? "" : text;

    assertEquals("baton.toml:" + problem, Texts.problems(written).get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "startTimeout = '3s'     | startTimeout: unknown key 'startTimeout'; did you mean"
            + " 'ready.start-timeout'?",
        "linger = '3s'           | linger: unknown key 'linger'; did you mean 'drain.linger'?",
        "drian.linger = '3s'     | drian: unknown key 'drian'; did you mean 'drain'?",
        "drain.x = '3s'          | drain.x: unknown key 'x'; known are linger",
        "drain = '3s'            | drain: '3s' is not a table; write [service.web.drain]",
        "workers = 1.5           | workers: '1.5' is not a whole number; write 1 to 100",
        "workers = '4'           | workers: '4' is not a whole number; write 1 to 100",
        "workers = [4]           | workers: an array is not a whole number; write 1 to 100",
        "directory = ''          | directory: '' is empty; leave the key out if there is nothing to"
            + " say",
        "directory = '${NONE}'   | directory: the variable NONE is not set; set it, or write"
            + " ${NONE:-default}",
        "directory = '$HOME/x'   | directory: '$HOME' is not expanded; write ${HOME} or $$HOME",
        "directory = \"a\\u0000\" | directory: 'a\\u0000' has a NUL; no system call would take it",
        "environment = 'A=1'     | environment: 'A=1' is not a table; write { NAME = \"value\" }",
        "environment.A = 1       | environment.A: '1' is not a string; write \"1\"",
        "environment.A.B = 'x'   | environment.A: a table is not a string",
        "environment.A-B = 'x'   | environment.A-B: 'A-B' is no variable; use letters, digits and '_'",
        "jvm-options = '-Xmx1m'  | jvm-options: '-Xmx1m' is not an array; write [\"-Xmx1m\"]",
        "user = 'a b'            | user: 'a b' is no user; write a name or a number",
        "stage = 'yes'           | stage: 'yes' is not a boolean; write true or false",
        "after = ['we']          | after: there is no service 'we'; did you mean 'web'?",
        "after = ['web']         | after: services wait for one another: web -> web; leave out one of"
            + " these",
        "listen = '8080'         | listen: '8080' is not an array; write [\"8080\"]",
        "listen = [8080]         | listen: '8080' is not a string; write \"8080\"",
        "listen = ['tcp:x']      | listen: 'tcp:x' is no address; write 8080, 127.0.0.1:8080,"
            + " [::1]:8080, udp:5353 or unix:/run/app.sock",
        "listen = ['unix:/run/'] | listen: 'unix:/run/' is a directory; write unix:/run/app.sock",
        "bind.local = ['x']      | bind.local: 'x' is no address pattern; write 8080, 9000-9999,"
            + " 127.0.0.1:*, udp:* or unix:/run/*",
        "bind.others = 'hld'     | bind.others: 'hld' is not possible; write hold, local, deny; did"
            + " you mean 'hold'?",
        "ready.probe = 'htp:/'   | ready.probe: 'htp:/' is no probe; write none, tcp, worker, http:/health or"
            + " http:8081/health",
        "ready.probe = 'http:99999/' | ready.probe: the port in 'http:99999/' is not between 1 and"
            + " 65535",
        "ready.every = '10'      | ready.every: '10' is no duration; write 500ms, 30s, 5m or 1h",
        "ready.every = '9000h'   | ready.every: '9000h' is too long; write at most 8760h, which is a"
            + " year",
        "ready.failures = 0      | ready.failures: 0 is out of range; write 1 to 1000",
        "ready.start-timeout = '0s' | ready.start-timeout: it must not be zero; write 500ms, 30s, 5m"
            + " or 1h",
        "stop.signal = 'SIGTERM' | stop.signal: 'SIGTERM' is not possible; write TERM, INT, HUP, QUIT,"
            + " USR1, USR2, KILL",
        "restart.surge = 0       | restart.surge: surge and max-unavailable are both 0; one of them"
            + " must be 1 or more",
        "restart = { strategy = 'canary', soak = '0s' } | restart.soak: a canary must soak for some"
            + " time, not for 0s; write 30s or 5m",
        "restart.compare-slower = 0.5 | restart.compare-slower: 0.5 is out of range; write 1 to 1000",
        "restart.compare-slower = nan | restart.compare-slower: 'NaN' is not a number from 1 to 1000;"
            + " write 1.5",
        "restart.compare-log = '('    | restart.compare-log: '(' is no regular expression: Unclosed"
            + " group at 1",
        "restart.strategy = 'canari'  | restart.strategy: 'canari' is not possible; write rolling,"
            + " all-at-once, canary, handover, exclusive; did you mean 'canary'?",
        "failure.back-off = '1m' | failure.back-off: longest-back-off is shorter than back-off; write"
            + " at least the same time",
        "ready.gate = 'tcp'      | ready.gate: 'tcp' is not a list of tables; write"
            + " [[service.web.ready.gate]]"
      })
  void serviceIsChecked(String key, String problem) {
    String text = "[service.web]\ncommand = 'java'\n" + key;

    ImmutableList<String> problems = Texts.problems(text);

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(
        "service.web." + problem, problems.get(0).replaceFirst("^baton.toml:3:\\d+: ", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backlog = 1                                 | : address is missing; write address ="
            + " \"0.0.0.0:8080\"",
        "address = '127.0.0.1:80', v6only = true     | .v6only: is for listeners of an IPv6 address or"
            + " * only, not for tcp:127.0.0.1:80",
        "address = 'unix:/x', reuse-port = true      | .reuse-port: is for listeners of tcp and udp"
            + " only, not for unix:/x",
        "address = '80', mode = '0600'               | .mode: is for listeners of unix only, not for"
            + " tcp:*:80",
        "address = '80', owner = 'shop'              | .owner: is for listeners of unix only, not for"
            + " tcp:*:80",
        "address = 'unix:/x', mode = '0999'          | .mode: '0999' is no mode; write octal digits"
            + " such as \"0660\"",
        "address = 'unix:/x', mode = 660             | .mode: '660' is not a string; write \"660\"",
        "address = 'unix:/x', owner = 'a:b:c'        | .owner: 'a:b:c' is no owner; write USER,"
            + " USER:GROUP or :GROUP"
      })
  void listenerIsChecked(String keys, String problem) {
    String text = "[service.web]\ncommand = 'java'\nlistener.a = { " + keys + " }";

    ImmutableList<String> problems = Texts.problems(text);

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(
        "service.web.listener.a" + problem,
        problems.get(0).replaceFirst("^baton.toml:3:\\d+: ", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port = 80                    | : type is missing; write type = \"http\"",
        "type = 'http'                | : path is missing; write path = \"/health\"",
        "type = 'log'                 | : pattern is missing; write pattern = \"Started .* in\"",
        "type = 'exec'                | : command is missing; write command ="
            + " [\"/usr/local/bin/check-shop\", \"--quick\"]",
        "type = 'exec', command = ''  | .command: it names no program; write [\"java\", \"-jar\","
            + " \"app.jar\"]",
        "type = 'tcp', path = '/'     | .path: is not for gates of type tcp; remove it",
        "type = 'http', path = 'x'    | .path: 'x' is no path; write /health",
        "type = 'http', path = '/', status = '99' | .status: '99' is no status; write 200 or 200-299",
        "type = 'http', path = '/', method = 'get' | .method: 'get' is no method; write GET, HEAD or"
            + " POST",
        "type = 'log', pattern = '['  | .pattern: '[' is no regular expression: Unclosed character"
            + " class at 0"
      })
  void gateIsChecked(String keys, String problem) {
    String text = "[service.web]\ncommand = 'java'\nready.gate = [{ " + keys + " }]";

    ImmutableList<String> problems = Texts.problems(text);

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(
        "service.web.ready.gate" + problem,
        problems.get(0).replaceFirst("^baton.toml:3:\\d+: ", ""));
  }

  @Test
  void probeAndGatesExcludeOneAnother() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:4:1: service.web.ready.probe: is the short form of a gate, and there are gates"
                + " too; keep one of them"),
        Texts.problems(
            """
            [service.web]
            command = "java"
            [service.web.ready]
            probe = "tcp"
            [[service.web.ready.gate]]
            type = "tcp"
            """));
  }

  @Test
  void addressIsTakenByWhatComesFirst() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:3:19: service.a.listen: tcp:127.0.0.1:80 is taken by service.a.listen in line"
                + " 3; give each listener an address of its own",
            "baton.toml:7:1: service.b.listener.x.address: tcp:*:80 is taken by service.a.listen in"
                + " line 3; give each listener an address of its own"),
        Texts.problems(
            """
            [service.a]
            command = "java"
            listen = ["*:80", "127.0.0.1:80"]
            [service.b]
            command = "java"
            [service.b.listener.x]
            address = "80"
            """));
  }

  @Test
  void everyCircleOfServicesIsReportedOnce() {
    assertEquals(
        ImmutableList.of(
            "baton.toml:6:10: service.b.after: services wait for one another: b -> c -> b; leave out"
                + " one of these",
            "baton.toml:15:10: service.e.after: services wait for one another: e -> e; leave out one"
                + " of these"),
        Texts.problems(
            """
            [service.a]
            command = "a"
            after = ["b"]
            [service.b]
            command = "b"
            after = ["c"]
            [service.c]
            command = "c"
            after = ["b", "d"]
            [service.d]
            command = "d"
            after = []
            [service.e]
            command = "e"
            after = ["e"]
            """));
  }

  @Test
  void pathOfASocketMustFitTheKernel() {
    String fits = "x".repeat(106);

    ImmutableList<String> problems =
        Texts.problems(
            "[service.a]\ncommand = 'a'\nlisten = ['unix:/" + fits + "', 'unix:/" + fits + "y']");

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(
        "baton.toml:3:"
            + (fits.length() + 21)
            + ": service.a.listen: 'unix:/"
            + fits
            + "y' has a path of 108 bytes; the kernel takes 107",
        problems.get(0));
  }

  @Test
  void textThatIsTooLongIsRefused() {
    assertEquals(
        ImmutableList.of("baton.toml: is longer than 131072 characters; split it"),
        Texts.problems("#".repeat((128 << 10) + 1)));
  }
}
