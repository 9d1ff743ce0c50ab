package dev.baton.agent;

/**
 * The few lines the agent has to say, on stderr: a logging framework would start the application's
 * before its main method does.
 */
final class Notice {
  private Notice() {}

  @SuppressWarnings("SystemOut") // there is nothing else this early
  static void print(String line) {
    System.err.println("[baton] " + line);
  }
}
