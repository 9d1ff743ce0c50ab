package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatusViewTest {
  private static final Message SUPERVISOR =
      Message.of(Verb.SUPERVISOR)
          .with("name", "all")
          .with("pid", 10)
          .with("rss", 52_428_800)
          .with("up-nanos", 61_000_000_000L);
  private static final Message SERVICE =
      Message.of(Verb.SERVICE)
          .with("name", "42")
          .with("phase", "serving")
          .with("reason", "")
          .with("generation", 3)
          .with("wanted", 1);
  private static final Message WORKER =
      Message.of(Verb.WORKER)
          .with("id", "42.g3/0")
          .with("generation", 3)
          .with("slot", 0)
          .with("state", "serving")
          .with("since-nanos", 1_500_000_000L)
          .with("pid", 11)
          .with("rss", 1_048_576)
          .with("connections", "-")
          .with("trouble", "")
          .with("says", "warming caches")
          .with("archive", "hit")
          .with("java", "25.0.3")
          .with("jvm-up-nanos", 61_000_000_000L)
          .with("heap", 52_428_800)
          .with("heap-max", 268_435_456)
          .with("gc-permille", 4)
          .with("threads", 31)
          .with("classes", 5230);
  private static final Message LISTENER =
      Message.of(Verb.LISTENER)
          .with("name", "http")
          .with("address", "tcp:*:80")
          .with("queue", 2)
          .with("backlog", 4096);
  private static final Message LOG =
      Message.of(Verb.LOG)
          .with("service", "42")
          .with("name", "output")
          .with("path", "/var/log/42.log")
          .with("bytes", 3_145_728)
          .with("rotations", 2)
          .with("failures", 1)
          .with("condition", "no space is left for /var/log/42.log");
  private static final Message FAILED =
      Message.of(Verb.SERVICE)
          .with("name", "db")
          .with("phase", "failed")
          .with("reason", "db.g1/0#4 exited with status 1 before it served")
          .with("generation", 1)
          .with("wanted", 1);

  @Test
  void jsonHasNumbersWhereNumbersBelong() {
    assertEquals(
        """
        {"name": "all", "pid": 10, "rss": 52428800, "up-nanos": 61000000000, "logs": [], "services": [\
        {"name": "42", "phase": "serving", "reason": "", "generation": 3, "wanted": 1, \
        "workers": [{"id": "42.g3/0", "generation": 3, "slot": 0, "state": "serving", \
        "since-nanos": 1500000000, "pid": 11, "rss": 1048576, "connections": null, \
        "trouble": "", "says": "warming caches", "archive": "hit", "java": "25.0.3", "jvm-up-nanos": 61000000000, \
        "heap": 52428800, "heap-max": 268435456, "gc-permille": 4, "threads": 31, "classes": 5230}], \
        "listeners": [{"name": "http", "address": "tcp:*:80", "queue": 2, \
        "backlog": 4096}], "logs": [{"service": "42", "name": "output", "path": "/var/log/42.log", \
        "bytes": 3145728, "rotations": 2, "failures": 1, \
        "condition": "no space is left for /var/log/42.log"}]}, {"name": "db", "phase": "failed", "reason": "db.g1/0#4 exited with \
        status 1 before it served", "generation": 1, "wanted": 1, "workers": [], \
        "listeners": [], "logs": []}]}
        """,
        StatusView.json(List.of(SUPERVISOR, SERVICE, WORKER, LISTENER, LOG, FAILED)));
  }

  @Test
  void figuresThatAreNotKnownAreLeftOut() throws Exception {
    Message plain =
        WORKER
            .with("archive", "none")
            .with("jvm-up-nanos", "-")
            .with("gc-permille", "-")
            .with("threads", "-")
            .with("classes", "-");

    assertEquals(
        "    java 25.0.3, heap 50 of 256 MiB",
        StatusView.table(List.of(plain)).lines().toList().get(1));
    assertTrue(StatusView.json(List.of(SERVICE, plain)).contains("\"threads\": null"));
  }

  @Test
  void jsonEscapesWhatAPathMayHave() {
    Message path = Message.of(Verb.LISTENER).with("name", "unix:/a\"b\\c\nd");

    assertTrue(
        StatusView.json(List.of(SERVICE, path)).contains("\"unix:/a\\\"b\\\\c\\u000ad\""),
        StatusView.json(List.of(SERVICE, path)));
  }

  @Test
  void tableIsForPeople() throws Exception {
    assertEquals(
        """
        all: supervisor pid 10, 50 MiB, up 61 s

        42: serving, generation 3
          WORKER             STATE     SINCE    PID      RSS      CONNECTIONS
          42.g3/0            serving   1.50 s   11       1 MiB    -  says: warming caches
            java 25.0.3, up 61 s, heap 50 of 256 MiB, GC 0.4 %, 31 threads, 5230 classes, archive hit

          LISTENER                         QUEUE   BACKLOG
          http tcp:*:80                    2       4096

          LOG                              ROTATED SIZE
          /var/log/42.log                  2       3 MiB  no space is left for /var/log/42.log

        db: failed, generation 1: db.g1/0#4 exited with status 1 before it served
          WORKER             STATE     SINCE    PID      RSS      CONNECTIONS
        """,
        StatusView.table(List.of(SUPERVISOR, SERVICE, WORKER, LISTENER, LOG, FAILED)));
  }
}
