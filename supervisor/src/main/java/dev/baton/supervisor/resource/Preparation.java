package dev.baton.supervisor.resource;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What was opened and changed for a configuration that may yet be given up: closing takes
 * everything back, unless it is kept. Belongs to the loop.
 */
public final class Preparation implements Closeable {
  private final Deque<Closeable> undo = new ArrayDeque<>();

  Preparation() {}

  void add(Closeable takesBack) {
    undo.push(takesBack);
  }

  /** From here on it stays, and closing does nothing. */
  public void keep() {
    undo.clear();
  }

  /** Takes back what was not kept, the latest first. */
  @Override
  public void close() throws IOException {
    List<Closeable> steps = new ArrayList<>(undo);
    undo.clear();
    Closing.all(steps);
  }
}
