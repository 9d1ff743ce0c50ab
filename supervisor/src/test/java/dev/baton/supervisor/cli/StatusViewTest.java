package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatusViewTest {
  private static final Message SERVICE =
      Message.of(Verb.SERVICE)
          .with("name", "42")
          .with("phase", "serving")
          .with("generation", 3)
          .with("pid", 10)
          .with("rss", 52_428_800)
          .with("up-nanos", 61_000_000_000L);
  private static final Message WORKER =
      Message.of(Verb.WORKER)
          .with("id", "42.g3/0")
          .with("generation", 3)
          .with("slot", 0)
          .with("state", "serving")
          .with("since-nanos", 1_500_000_000L)
          .with("pid", 11)
          .with("rss", 1_048_576)
          .with("connections", "-");
  private static final Message LISTENER =
      Message.of(Verb.LISTENER).with("name", "tcp:*:80").with("queue", 2).with("backlog", 4096);

  @Test
  void jsonHasNumbersWhereNumbersBelong() {
    assertEquals(
        """
        {"name": "42", "phase": "serving", "generation": 3, "pid": 10, "rss": 52428800, \
        "up-nanos": 61000000000, "workers": [{"id": "42.g3/0", "generation": 3, "slot": 0, \
        "state": "serving", "since-nanos": 1500000000, "pid": 11, "rss": 1048576, \
        "connections": null}], "listeners": [{"name": "tcp:*:80", "queue": 2, "backlog": 4096}]}
        """,
        StatusView.json(List.of(SERVICE, WORKER, LISTENER)));
  }

  @Test
  void jsonEscapesWhatAPathMayHave() {
    Message path = Message.of(Verb.LISTENER).with("name", "unix:/a\"b\\c\nd");

    assertTrue(
        StatusView.json(List.of(path)).contains("\"unix:/a\\\"b\\\\c\\u000ad\""),
        StatusView.json(List.of(path)));
  }

  @Test
  void tableIsForPeople() throws Exception {
    assertEquals(
        """
        42: serving, generation 3, supervisor pid 10, 50 MiB, up 61 s
          WORKER             STATE     SINCE    PID      RSS      CONNECTIONS
          42.g3/0            serving   1.50 s   11       1 MiB    -

          LISTENER                         QUEUE   BACKLOG
          tcp:*:80                         2       4096
        """,
        StatusView.table(List.of(SERVICE, WORKER, LISTENER)));
  }
}
