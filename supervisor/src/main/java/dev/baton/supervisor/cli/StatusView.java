package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Durations;
import java.util.List;
import java.util.stream.Collectors;

/** The rows of a status, for people and for programs. */
final class StatusView {
  private static final long MEBIBYTE = 1024L * 1024;

  private StatusView() {}

  static String table(List<Message> rows) throws ProtocolException {
    StringBuilder text = new StringBuilder();
    for (Message row : rows) {
      if (row.is(Verb.SERVICE)) {
        text.append(
            String.format(
                "%s: %s, generation %s, supervisor pid %s, %d MiB, up %s%n",
                row.text("name"),
                row.text("phase"),
                row.text("generation"),
                row.text("pid"),
                row.number("rss") / MEBIBYTE,
                Durations.print(row.number("up-nanos"))));
        text.append(line("WORKER", "STATE", "SINCE", "PID", "RSS", "CONNECTIONS"));
      } else if (row.is(Verb.WORKER)) {
        text.append(worker(row));
      }
    }
    text.append(String.format("%n  %-32s %-7s %s%n", "LISTENER", "QUEUE", "BACKLOG"));
    for (Message row : rows) {
      if (row.is(Verb.LISTENER)) {
        text.append(
            String.format(
                "  %-32s %-7s %s%n", row.text("name"), row.text("queue"), row.text("backlog")));
      }
    }
    return text.toString();
  }

  private static String worker(Message row) throws ProtocolException {
    return line(
        row.text("id"),
        row.text("state"),
        Durations.print(row.number("since-nanos")),
        row.text("pid"),
        row.number("rss") / MEBIBYTE + " MiB",
        row.text("connections"));
  }

  private static String line(
      String worker, String state, String since, String pid, String rss, String connections) {
    return String.format(
        "  %-18s %-9s %-8s %-8s %-8s %s%n", worker, state, since, pid, rss, connections);
  }

  static String json(List<Message> rows) {
    String service =
        rows.stream()
            .filter(row -> row.is(Verb.SERVICE))
            .map(row -> Json.members(row.fields()))
            .collect(Collectors.joining(", "));
    return String.format(
        "{%s, \"workers\": [%s], \"listeners\": [%s]}%n",
        service, objects(rows, Verb.WORKER), objects(rows, Verb.LISTENER));
  }

  private static String objects(List<Message> rows, Verb kind) {
    return rows.stream()
        .filter(row -> row.is(kind))
        .map(row -> Json.object(row.fields()))
        .collect(Collectors.joining(", "));
  }
}
