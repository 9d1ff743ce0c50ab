package dev.baton.supervisor.resource;

import java.io.IOException;
import java.nio.file.Path;

/** What is done about each thing that a generation runs on. Places are made from the root down. */
interface Placing {
  void directory(Path original, Path place) throws IOException;

  void file(Path original, Path place) throws IOException;

  /**
   * A link in the copy.
   *
   * @param target what it leads to
   */
  void link(Path place, Path target) throws IOException;
}
