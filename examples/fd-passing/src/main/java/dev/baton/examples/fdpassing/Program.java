package dev.baton.examples.fdpassing;

/** What both programs do about a failure: say so in one line, and exit with its status. */
interface Program {
  void run(String[] args) throws Failure;

  static int start(String name, Program program, String[] args) {
    try {
      program.run(args);
      return 0;
    } catch (Failure e) {
      System.err.println(name + ": " + e.getMessage());
      return e.exitStatus();
    }
  }
}
