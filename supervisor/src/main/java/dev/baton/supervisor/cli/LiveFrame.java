package dev.baton.supervisor.cli;

import dev.baton.supervisor.cli.Board.Row;
import dev.baton.supervisor.cli.Line.Colour;
import dev.baton.supervisor.config.Durations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A board as lines of text at one instant. Pure: the same board and time give the same lines. */
final class LiveFrame {
  /** How long a picture of the spinner stays; nothing else changes faster. */
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final String ASCII_SPINNER = "|/-\\";
  private static final int BAR_CELLS = 8;
  private static final int BAR_COLUMNS = BAR_CELLS + 2 + "10 min left".length();
  private static final int ELAPSED_COLUMNS = 9;
  private static final int STATE_COLUMNS = 9;
  private static final int PID_COLUMNS = "pid 4194304 ".length();

  /** Below this a reason says nothing, and what stands around it has to go first. */
  private static final int LEAST_REASON = 12;

  private enum Phase {
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  private final String name;
  private final Terminal terminal;

  LiveFrame(String name, Terminal terminal) {
    this.name = name;
    this.terminal = terminal;
  }

  /** While the result is unknown. */
  List<String> running(Board board, long now) {
    List<String> lines = rows(board, now, Phase.RUNNING);
    String spinner = spinner(now);
    String elapsed = Durations.print(board.elapsedNanos(now));
    lines.add(
        new Line(terminal)
            .add(Colour.CYAN, spinner + " ")
            .add(Colour.BOLD, name)
            .add("  " + counts(board))
            .fillTo(elapsed.length())
            .add(Colour.DIM, elapsed)
            .toString());
    return lines;
  }

  /** What stays on the screen: every slot as it was left. */
  List<String> finished(Board board, long now, boolean success) {
    return rows(board, now, success ? Phase.SUCCEEDED : Phase.FAILED);
  }

  /** The line that ends a success. It is not drawn again, so it may be as long as it likes. */
  String success(String sentence) {
    return new Line(terminal, Integer.MAX_VALUE)
        .add(Colour.GREEN, pick("✔ ", "* "))
        .add(Colour.BOLD, sentence)
        .toString();
  }

  private List<String> rows(Board board, long now, Phase phase) {
    List<Row> all = board.rows();
    List<Row> shown = choose(all);
    int width = shown.stream().mapToInt(row -> row.worker().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Row row : shown) {
      lines.add(row(row, width, now, phase));
    }
    if (shown.size() < all.size()) {
      String more = "    and " + (all.size() - shown.size()) + " more";
      lines.add(new Line(terminal).add(Colour.DIM, more).toString());
    }
    return lines;
  }

  /** What has scrolled off the screen cannot be drawn again: what is settled makes room first. */
  private List<Row> choose(List<Row> all) {
    int room = Math.max(1, terminal.lines() - 3); // the rest, the summary, the cursor
    if (all.size() <= room + 1) {
      return all;
    }
    List<Row> shown = new ArrayList<>(all);
    for (int i = all.size() - 1; i >= 0 && shown.size() > room; i--) {
      if (!all.get(i).isPending()) {
        shown.remove(i);
      }
    }
    return shown.subList(0, Math.min(room, shown.size()));
  }

  private String row(Row row, int width, long now, Phase phase) {
    Line line = new Line(terminal);
    boolean dead = phase == Phase.FAILED && row.isGone();
    line.add(colour(row, dead), symbol(row, now, phase) + " ");
    line.add(Colour.BOLD, pad(row.worker(), width) + "  ");
    line.add(colour(row, dead), pad(row.state(), STATE_COLUMNS) + " ");
    String elapsed = Durations.print(row.elapsedNanos(now));
    String bar =
        phase == Phase.RUNNING && row.isPending() && row.hasDeadline() ? bar(row, now) : "";
    int room = line.left() - ELAPSED_COLUMNS;
    boolean fitsBar = !bar.isEmpty() && room - BAR_COLUMNS >= LEAST_REASON;
    int right = ELAPSED_COLUMNS + (fitsBar ? BAR_COLUMNS : 0);
    if (line.left() - right - PID_COLUMNS >= LEAST_REASON) {
      line.add(Colour.DIM, pad(row.pid().isEmpty() ? "" : "pid " + row.pid(), PID_COLUMNS));
    }
    line.add(Line.cut(row.reason(), line.left() - right - 1, terminal.unicode()));
    if (fitsBar) {
      line.fillTo(right).add(Colour.YELLOW, bar.substring(0, BAR_CELLS));
      line.add(bar.substring(BAR_CELLS));
    }
    return line.fillTo(elapsed.length()).add(Colour.DIM, elapsed).toString();
  }

  /** How far the deadline has come, and what is left of it. */
  private String bar(Row row, long now) {
    long total = Math.max(1, row.deadlineAt() - row.stateAt());
    long past = Math.min(total, Math.max(0, now - row.stateAt()));
    int full = (int) Math.round((double) BAR_CELLS * past / total);
    String cells = pick("█", "#").repeat(full) + pick("░", ".").repeat(BAR_CELLS - full);
    return cells + " " + Durations.print(total - past) + " left";
  }

  private String symbol(Row row, long now, Phase phase) {
    if (row.isPending()) {
      return phase == Phase.RUNNING ? spinner(now) : pick("•", "-");
    }
    if (row.isGone()) {
      return phase == Phase.FAILED ? pick("✘", "x") : pick("○", "o");
    }
    return pick("●", "*");
  }

  private String pick(String unicode, String ascii) {
    return terminal.unicode() ? unicode : ascii;
  }

  private static Colour colour(Row row, boolean dead) {
    if (dead) {
      return Colour.RED;
    }
    return switch (row.state()) {
      case "serving" -> Colour.GREEN;
      case "ready", "standby", "parked" -> Colour.CYAN;
      case "draining" -> Colour.BLUE;
      case "killed" -> Colour.RED;
      case "gone" -> Colour.DIM;
      default -> Colour.YELLOW;
    };
  }

  private String spinner(long now) {
    String pictures = pick(SPINNER, ASCII_SPINNER);
    int i = (int) Math.floorMod(Math.floorDiv(now, TICK_NANOS), (long) pictures.length());
    return pictures.substring(i, i + 1);
  }

  private static String counts(Board board) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    board.rows().forEach(row -> counts.merge(row.state(), 1, Integer::sum));
    return counts.isEmpty()
        ? "waiting for the first worker"
        : counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
