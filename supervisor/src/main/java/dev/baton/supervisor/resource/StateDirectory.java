package dev.baton.supervisor.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where a supervisor of a name keeps what outlives it: {@code /var/lib/baton/NAME} for root. */
public final class StateDirectory {
  /** Puts all state directories somewhere else, for tests and for hosts with their own layout. */
  public static final String BASE_VARIABLE = "BATON_STATE_DIR";

  private final Path directory;

  private StateDirectory(Path directory) {
    this.directory = directory;
  }

  public static StateDirectory of(String name, Map<String, String> environment) throws IOException {
    return new StateDirectory(base(environment).resolve(name));
  }

  /** The directory itself, which need not exist. */
  public Path path() {
    return directory;
  }

  /** Makes the directory, if it is not there. */
  public Path make() throws ResourceException {
    try {
      create(directory);
      return directory;
    } catch (IOException e) {
      throw refused(directory, e);
    }
  }

  /** The file of the restarts that were; it need not exist. */
  public Path history() {
    return directory.resolve("history.jsonl");
  }

  private static void create(Path folder) throws IOException {
    // What servers print is not always for everybody.
    Files.createDirectories(folder, Mode.of("rwx------"));
  }

  private static ResourceException refused(Path folder, IOException e) {
    return new ResourceException(
        "EACCES",
        "cannot write to the state directory "
            + folder
            + ": "
            + e.getMessage()
            + "; set "
            + BASE_VARIABLE
            + " to a directory you may write to, or use --output inherit",
        e);
  }

  private static Path base(Map<String, String> environment) throws IOException {
    String chosen = environment.get(BASE_VARIABLE);
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen).toAbsolutePath();
    }
    if (RunDirectory.uid() == 0) {
      return Path.of("/var/lib/baton");
    }
    String state = environment.get("XDG_STATE_HOME");
    return state != null && !state.isEmpty()
        ? Path.of(state, "baton")
        : Path.of(System.getProperty("user.home"), ".local", "state", "baton");
  }
}
