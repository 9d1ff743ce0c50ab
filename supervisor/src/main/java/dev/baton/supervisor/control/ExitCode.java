package dev.baton.supervisor.control;

/** What a command returns to its shell. */
public final class ExitCode {
  public static final int OK = 0;

  /** It was tried and failed. */
  public static final int FAILED = 1;

  public static final int USAGE = 2;
  public static final int NO_SUPERVISOR = 3;

  /** Another command is at it. */
  public static final int BUSY = 4;

  private ExitCode() {}
}
