package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the JVMs of a service write while they crash, until it is taken to the {@link Evidence}.
 */
public final class Crashes {
  private Crashes() {}

  /** In that state directory, whether it is there or not. */
  static Path folder(Path state, String service) {
    return state.resolve(service).resolve("crashes");
  }

  /**
   * Makes the folder, if it is not there.
   *
   * @param uid whose it is to be; -1 for ours
   */
  public static Path make(Path state, String service, long uid) throws IOException {
    Path folder = folder(state, service);
    if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      Files.createDirectories(folder, Mode.of("rwx------"));
    }
    if (uid >= 0) {
      Passage.open(state.resolveSibling("."));
      Passage.open(state);
      Passage.open(state.resolve(service));
      Files.setAttribute(folder, "unix:uid", (int) uid, NOFOLLOW_LINKS);
    }
    return folder;
  }
}
