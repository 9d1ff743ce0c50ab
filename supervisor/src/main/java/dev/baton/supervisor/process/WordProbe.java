package dev.baton.supervisor.process;

/** Whether the worker says that it is ready. */
final class WordProbe implements Probe {
  private final Word word;

  WordProbe(Word word) {
    this.word = word;
  }

  @Override
  public Gates.Result run(Faces faces) {
    if (word.isReady()) {
      return new Gates.Result(true, "says that it is ready", 0);
    }
    String status = word.status();
    String says = status.isEmpty() ? "" : "; it says: " + status;
    return new Gates.Result(false, "it has not said that it is ready" + says, 0);
  }
}
