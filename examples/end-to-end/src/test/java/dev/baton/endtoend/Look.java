package dev.baton.endtoend;

import dev.baton.endtoend.Conversation.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a status says. */
record Look(List<Row> rows) {
  List<Row> services() {
    return rows("SERVICE");
  }

  List<Row> listeners() {
    return rows("LISTENER");
  }

  private List<Row> rows(String verb) {
    return rows.stream().filter(row -> row.verb().equals(verb)).toList();
  }

  Row service(String name) {
    return services().stream()
        .filter(row -> row.text("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no service " + name + " in " + rows));
  }

  /** The phases that occur. */
  Set<String> phases() {
    return services().stream()
        .map(row -> row.text("phase"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  String phase(String service) {
    return service(service).text("phase");
  }

  String reason(String service) {
    return service(service).text("reason");
  }

  /** Its workers, in whatever state. */
  List<Row> workers(String service) {
    return its(service, "WORKER");
  }

  /** The addresses it listens on. */
  Set<String> addresses(String service) {
    return its(service, "LISTENER").stream()
        .map(row -> row.text("address"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<Row> its(String service, String verb) {
    List<Row> its = new ArrayList<>();
    boolean inside = false;
    for (Row row : rows) {
      if (row.verb().equals("SERVICE")) {
        inside = row.text("name").equals(service);
      } else if (inside && row.verb().equals(verb)) {
        its.add(row);
      }
    }
    return its;
  }

  List<String> states(String service) {
    return workers(service).stream().map(row -> row.text("state")).toList();
  }

  /** The pids of its workers, by their slots. */
  List<Long> pids(String service) {
    return workers(service).stream().map(row -> Long.parseLong(row.text("pid"))).toList();
  }

  /** The worker that serves in its first slot. */
  long pid(String service) {
    return pids(service).get(0);
  }

  /** Every worker there is. */
  Set<Long> allPids() {
    return rows("WORKER").stream()
        .map(row -> Long.parseLong(row.text("pid")))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
