package dev.baton.supervisor.cli;

/** One line of a frame, cut to the width there is. Colours take none of it. */
final class Line {
  /** As terminals number them. */
  enum Colour {
    NONE(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    CYAN("36");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }

  private final StringBuilder text = new StringBuilder();
  private final Terminal terminal;

  // Mutable state
  private int left;

  /** One column stays free: a terminal that has filled its last one is about to wrap. */
  Line(Terminal terminal) {
    this(terminal, terminal.columns() - 1);
  }

  Line(Terminal terminal, int columns) {
    this.terminal = terminal;
    this.left = columns;
  }

  /** How many columns are left. */
  int left() {
    return left;
  }

  Line add(String more) {
    return add(Colour.NONE, more);
  }

  /** Adds as much of it as fits. What a worker says must not steer the terminal. */
  Line add(Colour colour, String more) {
    String printable = cut(more.replaceAll("\\p{Cntrl}", " "), left, terminal.unicode());
    left -= printable.length();
    boolean coloured = terminal.colour() && !colour.code.isEmpty() && !printable.isBlank();
    text.append(coloured ? "\033[" + colour.code + "m" + printable + "\033[0m" : printable);
    return this;
  }

  /** Spaces, so that this many columns are left. */
  Line fillTo(int columns) {
    return add(" ".repeat(Math.max(0, left - columns)));
  }

  /** The text, or its beginning and a sign that there was more. */
  static String cut(String text, int columns, boolean unicode) {
    if (text.length() <= columns) {
      return text;
    }
    String sign = unicode ? "…" : "~";
    return columns < 1 ? "" : text.substring(0, columns - 1) + sign;
  }

  @Override
  public String toString() {
    return text.toString().stripTrailing();
  }
}
