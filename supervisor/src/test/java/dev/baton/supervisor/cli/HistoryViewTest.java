package dev.baton.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.core.RestartRecord.Asker;
import dev.baton.supervisor.core.RestartRecord.Kind;
import dev.baton.supervisor.core.RestartRecord.Phase;
import dev.baton.supervisor.core.RestartRecord.Release;
import dev.baton.supervisor.core.RestartRecord.Result;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HistoryViewTest {
  private static final RestartRecord RESTART =
      new RestartRecord(
          12,
          "web",
          Kind.RESTART,
          new Asker(Asker.How.COMMAND, "deploy", 4711),
          "rolling",
          new Release(3, "1.4+3f2a9c81b0d4"),
          new Release(4, "1.5+aaaaaaaaaaaa"),
          Instant.parse("2031-05-06T07:08:09.5Z"),
          2_340_000_000L,
          Result.ROLLED_BACK,
          "web.g4/1 exited with status 1",
          ImmutableList.of(
              new Phase("web.g4/0", "booting", "attached", 120_000_000L),
              new Phase("web.g4/0", "ready", "tcp passed", 1_100_000_000L)));
  private static final RestartRecord CRASH =
      new RestartRecord(
          11,
          "web",
          Kind.CRASH,
          Asker.POLICY,
          "",
          new Release(3, ""),
          Release.NONE,
          Instant.parse("2031-05-06T07:00:00Z"),
          3_000_000,
          Result.FAILED,
          "the restart budget is used up",
          ImmutableList.of(),
          ImmutableList.of("/state/web/evidence/g3-0-pid7"));

  @Test
  void tableIsAsWideAsItsContent() {
    assertEquals(
        """
        ID  SERVICE  WHEN                  WHAT             FROM                 TO                   TOOK    RESULT       BY                            REASON
        12  web      2031-05-06 07:08:09Z  restart rolling  g3 1.4+3f2a9c81b0d4  g4 1.5+aaaaaaaaaaaa  2.34 s  rolled-back  command of deploy (pid 4711)  web.g4/1 exited with status 1
        11  web      2031-05-06 07:00:00Z  crash            g3                   -                    3 ms    failed       policy                        the restart budget is used up; see /state/web/evidence/g3-0-pid7
        """,
        HistoryView.table(List.of(RESTART, CRASH)));
  }

  @Test
  void emptyTableHasItsTitles() {
    assertEquals(
        "ID  SERVICE  WHEN  WHAT  FROM  TO  TOOK  RESULT  BY  REASON\n",
        HistoryView.table(List.of()));
  }

  @Test
  void detailsTellWhatTheWorkersWentThrough() {
    assertEquals(
        """
        restart 12 of web: rolled-back after 2.34 s (web.g4/1 exited with status 1)
          2031-05-06 07:08:09Z, by command of deploy (pid 4711), from g3 1.4+3f2a9c81b0d4 to \
        g4 1.5+aaaaaaaaaaaa, rolling
            120 ms  web.g4/0           booting   attached
            1.10 s  web.g4/0           ready     tcp passed
        """,
        HistoryView.details(RESTART));
  }

  @Test
  void detailsTellWhereTheEvidenceIs() {
    assertEquals(
        """
        crash 11 of web: failed after 3 ms (the restart budget is used up)
          2031-05-06 07:00:00Z, by policy, from g3 to -
          evidence in /state/web/evidence/g3-0-pid7
        """,
        HistoryView.details(CRASH));
  }

  @Test
  void jsonIsAnObjectALine() {
    assertEquals(
        """
        {"id": 11, "service": "web", "kind": "crash", "by": "policy", "user": "", "pid": 0, \
        "strategy": "", "from": {"generation": 3, "version": ""}, \
        "to": {"generation": 0, "version": ""}, "started": "2031-05-06T07:00:00Z", \
        "took-nanos": 3000000, "result": "failed", "reason": "the restart budget is used up", \
        "phases": [], "evidence": ["/state/web/evidence/g3-0-pid7"]}
        """,
        HistoryView.json(List.of(CRASH)));
  }
}
