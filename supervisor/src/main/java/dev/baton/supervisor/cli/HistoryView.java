package dev.baton.supervisor.cli;

import dev.baton.supervisor.config.Durations;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.core.RestartRecord.Asker;
import dev.baton.supervisor.core.RestartRecord.Phase;
import dev.baton.supervisor.core.RestartRecord.Release;
import dev.baton.supervisor.resource.HistoryLine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The restarts that were, for people and for programs. */
final class HistoryView {
  private static final DateTimeFormatter TO_THE_SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private static final List<String> TITLES =
      List.of("ID", "SERVICE", "WHEN", "WHAT", "FROM", "TO", "TOOK", "RESULT", "BY", "REASON");

  private HistoryView() {}

  /** A line for each record, below titles; columns as wide as what is in them. */
  static String table(List<RestartRecord> records) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    records.forEach(record -> rows.add(row(record)));
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column)).append(" ".repeat(gap(rows, row, column)));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private static int gap(List<List<String>> rows, List<String> row, int column) {
    int widest = rows.stream().mapToInt(one -> one.get(column).length()).max().orElse(0);
    return widest - row.get(column).length() + 2;
  }

  private static List<String> row(RestartRecord record) {
    return List.of(
        Long.toString(record.id()),
        record.service(),
        when(record.startedAt()),
        record.kind() + (record.strategy().isEmpty() ? "" : " " + record.strategy()),
        release(record.from()),
        release(record.to()),
        Durations.print(record.tookNanos()),
        record.result().toString(),
        asker(record.asker()),
        record.reason() + evidence(record));
  }

  private static String evidence(RestartRecord record) {
    return record.evidence().isEmpty() ? "" : "; see " + String.join(", ", record.evidence());
  }

  /** One record with what its workers went through. */
  static String details(RestartRecord record) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%s %d of %s: %s after %s (%s)%n",
            record.kind(),
            record.id(),
            record.service(),
            record.result(),
            Durations.print(record.tookNanos()),
            record.reason()));
    text.append(
        String.format(
            "  %s, by %s, from %s to %s%s%n",
            when(record.startedAt()),
            asker(record.asker()),
            release(record.from()),
            release(record.to()),
            record.strategy().isEmpty() ? "" : ", " + record.strategy()));
    for (Phase phase : record.phases()) {
      text.append(
          String.format(
              "  %8s  %-18s %-9s %s%n",
              Durations.print(phase.sinceNanos()), phase.worker(), phase.state(), phase.reason()));
    }
    record.evidence().forEach(folder -> text.append(String.format("  evidence in %s%n", folder)));
    return text.toString();
  }

  private static String when(Instant instant) {
    return TO_THE_SECOND.format(instant);
  }

  private static String release(Release release) {
    if (release.generation() == 0) {
      return "-";
    }
    String generation = "g" + release.generation();
    return release.version().isEmpty() ? generation : generation + " " + release.version();
  }

  private static String asker(Asker asker) {
    String pid = asker.pid() == 0 ? "" : " (pid " + asker.pid() + ")";
    return asker.user().isEmpty() ? asker.how() + pid : asker.how() + " of " + asker.user() + pid;
  }

  /** An object a line, as it is on disk. */
  static String json(List<RestartRecord> records) {
    StringBuilder text = new StringBuilder();
    records.forEach(
        record -> text.append(HistoryLine.write(record)).append(System.lineSeparator()));
    return text.toString();
  }
}
