package dev.baton.examples.fdpassing;

/** Why a program gives up: one line for its user, and the status it exits with. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;

  private final int exitStatus;

  private Failure(String message, int exitStatus) {
    super(message);
    this.exitStatus = exitStatus;
  }

  Failure(String message) {
    this(message, FAILED);
  }

  static Failure usage(String usage) {
    return new Failure("usage: " + usage, BAD_USAGE);
  }

  int exitStatus() {
    return exitStatus;
  }

  /** The text of an error of the operating system or of a library, which may have none. */
  static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
