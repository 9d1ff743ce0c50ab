package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The rows of a status, for people and for programs. */
final class StatusView {
  private static final Object[] LISTENER_TITLES = {"LISTENER", "QUEUE", "BACKLOG"};
  private static final Object[] LOG_TITLES = {"LOG", "ROTATED", "SIZE"};
  private static final long MEBIBYTE = 1024L * 1024;

  private StatusView() {}

  static String table(List<Message> rows) throws ProtocolException {
    StringBuilder text = new StringBuilder();
    Verb before = Verb.SUPERVISOR;
    for (Message row : rows) {
      if (row.is(Verb.SUPERVISOR)) {
        text.append(supervisor(row));
      } else if (row.is(Verb.SERVICE)) {
        text.append(service(row));
      } else if (row.is(Verb.WORKER)) {
        text.append(worker(row));
      } else if (row.is(Verb.LISTENER)) {
        text.append(before == Verb.LISTENER ? "" : titles(LISTENER_TITLES));
        text.append(listener(row));
      } else if (row.is(Verb.LOG)) {
        text.append(before == Verb.LOG ? "" : titles(LOG_TITLES));
        text.append(log(row));
      }
      before = Verb.valueOf(row.verb());
    }
    return text.toString();
  }

  private static String titles(Object[] titles) {
    return String.format("%n  %-32s %-7s %s%n", titles);
  }

  private static String log(Message row) throws ProtocolException {
    String condition = row.text("condition").isEmpty() ? "" : "  " + row.text("condition");
    String size = row.number("bytes") / MEBIBYTE + " MiB";
    return String.format(
        "  %-32s %-7s %s%n", row.text("path"), row.text("rotations"), size + condition);
  }

  private static String supervisor(Message row) throws ProtocolException {
    return String.format(
        "%s: supervisor pid %s, %d MiB, up %s%n",
        row.text("name"),
        row.text("pid"),
        row.number("rss") / MEBIBYTE,
        Durations.print(row.number("up-nanos")));
  }

  private static String service(Message row) throws ProtocolException {
    String reason = row.text("reason").isEmpty() ? "" : ": " + row.text("reason");
    return String.format(
            "%n%s: %s, generation %s%s%n",
            row.text("name"), row.text("phase"), row.text("generation"), reason)
        + line("WORKER", "STATE", "SINCE", "PID", "RSS", "CONNECTIONS");
  }

  private static String listener(Message row) throws ProtocolException {
    String name = row.text("name");
    String address = row.text("address");
    return String.format(
        "  %-32s %-7s %s%n",
        name.equals(address) ? address : name + " " + address,
        row.text("queue"),
        row.text("backlog"));
  }

  private static String worker(Message row) throws ProtocolException {
    String state =
        line(
            row.text("id"),
            row.text("state"),
            Durations.print(row.number("since-nanos")),
            row.text("pid"),
            row.number("rss") / MEBIBYTE + " MiB",
            row.text("connections")
                + (row.text("trouble").isEmpty() ? "" : "  " + row.text("trouble"))
                + (row.text("says", "").isEmpty() ? "" : "  says: " + row.text("says")));
    return row.has("heap") ? state + figures(row) : state;
  }

  /** What its JVM has told; not all of it if it does not know. */
  private static String figures(Message row) throws ProtocolException {
    StringBuilder text = new StringBuilder("    java " + row.text("java"));
    if (!row.text("jvm-up-nanos").equals("-")) {
      text.append(", up ").append(Durations.print(row.number("jvm-up-nanos")));
    }
    text.append(", heap ").append(row.number("heap") / MEBIBYTE);
    text.append(" of ").append(row.number("heap-max") / MEBIBYTE).append(" MiB");
    if (!row.text("gc-permille").equals("-")) {
      text.append(String.format(Locale.ROOT, ", GC %.1f %%", row.number("gc-permille") / 10.0));
    }
    if (!row.text("threads").equals("-")) {
      text.append(", ").append(row.text("threads")).append(" threads, ");
      text.append(row.text("classes")).append(" classes");
    }
    String archive = row.text("archive", "none");
    if (!archive.equals("none")) {
      text.append(", archive ").append(archive);
    }
    return text.append(System.lineSeparator()).toString();
  }

  private static String line(
      String worker, String state, String since, String pid, String rss, String connections) {
    return String.format(
        "  %-18s %-9s %-8s %-8s %-8s %s%n", worker, state, since, pid, rss, connections);
  }

  /** The supervisor with its services, each with its workers and listeners. */
  static String json(List<Message> rows) {
    List<String> services = new ArrayList<>();
    String supervisor = "";
    String logs = "";
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).is(Verb.SUPERVISOR)) {
        supervisor = Json.members(rows.get(i).fields());
        logs = objects(itsRows(rows.subList(i + 1, rows.size())), Verb.LOG);
      } else if (rows.get(i).is(Verb.SERVICE)) {
        services.add(service(rows.get(i), itsRows(rows.subList(i + 1, rows.size()))));
      }
    }
    return String.format(
        "{%s, \"logs\": [%s], \"services\": [%s]}%n",
        supervisor, logs, String.join(", ", services));
  }

  private static List<Message> itsRows(List<Message> following) {
    return following.stream().takeWhile(row -> !row.is(Verb.SERVICE)).toList();
  }

  private static String service(Message row, List<Message> its) {
    return String.format(
        "{%s, \"workers\": [%s], \"listeners\": [%s], \"logs\": [%s]}",
        Json.members(row.fields()),
        objects(its, Verb.WORKER),
        objects(its, Verb.LISTENER),
        objects(its, Verb.LOG));
  }

  private static String objects(List<Message> rows, Verb kind) {
    return rows.stream()
        .filter(row -> row.is(kind))
        .map(row -> Json.object(row.fields()))
        .collect(Collectors.joining(", "));
  }
}
