package dev.baton.supervisor.loop;

import dev.baton.supervisor.config.ArchivePolicy.Mode;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.core.Generation;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.StartupArchives;
import dev.baton.supervisor.process.StartupArchives.Choice;
import dev.baton.supervisor.resource.StagedArtifacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The class-data archives of generations. Nothing that goes wrong with one keeps a worker from
 * being started. They are made on a thread of its own.
 */
final class Archives {
  private final @Nullable StagedArtifacts artifacts;
  private final StartupArchives archives;
  private final Map<String, String> environment = System.getenv();
  private final ExecutorService thread;
  private final Consumer<String> tell;

  /**
   * Has made none yet.
   *
   * @param artifacts null when there are no copies, and so no archives
   * @param launcher starts the workers
   * @param tell whom to tell what became of one, from any thread
   */
  Archives(
      @Nullable StagedArtifacts artifacts,
      Launcher launcher,
      ExecutorService thread,
      Consumer<String> tell) {
    this.artifacts = artifacts;
    this.archives = new StartupArchives(launcher);
    this.thread = thread;
    this.tell = tell;
  }

  /** What the next worker of that generation has to do with one. */
  Choice choose(Generation generation, Launch launch) {
    String service = generation.config().name();
    try {
      Path copy = copy(service, generation.number());
      return copy == null || generation.config().archive().mode() == Mode.OFF
          ? Choice.NONE
          : archives.choose(copy, launch, environment);
    } catch (IOException | ConfigException e) {
      tell.accept(service + ": no startup archive: " + e.getMessage());
      return Choice.NONE;
    }
  }

  private @Nullable Path copy(String service, int generation) throws IOException {
    return artifacts == null ? null : artifacts.copyOf(service, generation);
  }

  /** Makes one of what the worker has loaded. */
  void make(WorkerId id, Launch launch, long pid) {
    thread.execute(
        () -> {
          try {
            Path copy = copy(id.service(), id.generation());
            String made = copy == null ? "" : archives.make(copy, launch, environment, pid);
            if (!made.isEmpty()) {
              tell.accept(id.service() + ": " + made);
            }
          } catch (IOException | ConfigException e) {
            tell.accept(id.service() + ": no startup archive: " + e.getMessage());
          }
        });
  }

  void setAside(WorkerId id, String reason) {
    try {
      Path copy = copy(id.service(), id.generation());
      if (copy != null) {
        archives.setAside(copy, id + " " + reason);
        tell.accept(id + " failed with its startup archive, which is set aside");
      }
    } catch (IOException e) {
      tell.accept(id.service() + ": cannot set its archive aside: " + e.getMessage());
    }
  }

  /** Before its thread is ended. */
  void close() {
    archives.close();
  }
}
