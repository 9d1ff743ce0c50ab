package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Gate;
import dev.baton.supervisor.config.Readiness;
import dev.baton.supervisor.config.WarmUp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a warm-up asks for, and what is no warm-up. */
final class WarmUpKeysTest {
  @Test
  void isReadInFull() throws Exception {
    Readiness ready =
        Texts.web(
                """
                [service.web.ready]
                probe = "http:/up"
                [service.web.ready.warm-up]
                paths = ["/", "/search?q=a"]
                scheme = "https"
                port = 8443
                method = "POST"
                headers = { X-Warm-Up = "1", Host = "shop.example" }
                body = '{"q": "a"}'
                concurrency = 8
                timeout = "2m"
                """)
            .readiness();

    assertEquals(Gate.parse("http:/up"), ready.gates());
    assertEquals(
        new WarmUp(
            true,
            8443,
            ImmutableList.of("/", "/search?q=a"),
            "POST",
            ImmutableMap.of("X-Warm-Up", "1", "Host", "shop.example"),
            "{\"q\": \"a\"}",
            8,
            Duration.ofMinutes(2)),
        ready.warmUp());
  }

  @Test
  void pathsAreEnough() throws Exception {
    assertEquals(
        WarmUp.of(ImmutableList.of("/a"), Duration.ofSeconds(30)),
        Texts.web("ready.warm-up = { paths = [\"/a\"] }").readiness().warmUp());
    assertNull(Texts.web("").readiness().warmUp());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "paths = [] | paths: it names no path; write [\"/\"]",
        "paths = [\"x\"] | paths: 'x' is no path; write /health",
        "paths = [\"/\"], timeout = \"0s\""
            + " | timeout: it must not be zero; write 500ms, 30s, 5m or 1h",
        "paths = [\"/\"], concurrency = 0 | concurrency: 0 is out of range; write 1 to 64",
        "paths = [\"/\"], body = \"x\" | body: is not sent with GET; write method = \"POST\"",
        "paths = [\"/\"], headers = { \"a b\" = \"x\" }"
            + " | headers.\"a b\": 'a b' is no name of a header; write X-Name",
        "paths = [\"/\"], headers = { A = \"x\\ny\" }"
            + " | headers.A: a header has no control characters; write one line",
        "paths = [\"/\"], headers = { Content-Length = \"3\" }"
            + " | headers.Content-Length: 'Content-Length' is set by the warm-up itself; remove it",
        "path = [\"/\"] | path: unknown key 'path'; did you mean 'paths'?",
      })
  void whatIsWrongIsSaid(String keys, String problem) {
    String text = "[service.web]\ncommand = 'java'\nready.warm-up = { " + keys + " }\n";

    ImmutableList<String> problems = Texts.problems(text);

    assertEquals(1, problems.size(), problems.toString());
    String said = problems.get(0);
    assertEquals(
        "service.web.ready.warm-up." + problem, said.substring(said.indexOf("service.web")));
  }
}
