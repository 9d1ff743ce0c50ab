package dev.baton.supervisor.cli;

import dev.baton.supervisor.logs.LogFollower;
import dev.baton.supervisor.logs.LogPlace;
import dev.baton.supervisor.logs.LogQuery;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Shows on the terminal what workers write into their logs from now on, but for our marks. */
final class OutputFollower implements Closeable {
  /** Small: it stays as long as the supervisor. */
  private static final int BUFFER_BYTES = 16 * 1024;

  private final LogFollower logs;

  private OutputFollower(LogFollower logs) {
    this.logs = logs;
  }

  /**
   * Shows what is written from now on.
   *
   * @param paths where logs are, at the moment that it is asked, which any thread may do. What is
   *     in the first ones already is not shown; one that comes later is shown from its first mark
   *     on.
   */
  static OutputFollower start(Supplier<? extends List<Path>> paths, OutputStream out)
      throws IOException {
    LogFollower logs =
        LogFollower.start(() -> places(paths.get()), LogQuery.WHAT_COMES, out, BUFFER_BYTES);
    OutputFollower follower = new OutputFollower(logs);
    Thread thread = new Thread(follower::follow, "output-follower");
    thread.setDaemon(true);
    thread.start();
    return follower;
  }

  private static List<LogPlace> places(List<Path> paths) {
    List<LogPlace> places = new ArrayList<>();
    for (Path path : paths) {
      places.add(new LogPlace(LogPlace.ANY, path));
    }
    return places;
  }

  private void follow() {
    try {
      logs.follow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      // The terminal is gone, or we were closed. The workers do not notice.
    }
  }

  /** Shows the rest, then stops. */
  @Override
  public void close() throws IOException {
    logs.close();
  }
}
