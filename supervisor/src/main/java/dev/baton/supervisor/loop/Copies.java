package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.core.Generation;
import dev.baton.supervisor.core.Memory;
import dev.baton.supervisor.process.HostMemory;
import dev.baton.supervisor.process.Processes;
import dev.baton.supervisor.resource.StagedArtifacts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What each generation is launched from. Copies files and looks at the memory on a thread of its
 * own, because both may take long; what it has made may be asked for on the loop.
 */
final class Copies {
  private static final Logger LOG = System.getLogger(Copies.class.getName());

  private final @Nullable StagedArtifacts artifacts;
  private final Executor thread;
  private final Map<String, Launch> launches = new ConcurrentHashMap<>();
  private final Map<String, String> versions = new ConcurrentHashMap<>();

  /** What is told when something has been prepared, on the thread that did it. */
  interface Prepared {
    void done(Memory memory);

    void failed(String reason);
  }

  /**
   * Has copied nothing yet.
   *
   * @param artifacts null when there is no place for copies: every launch runs on what it names
   * @param thread one, so that what is asked for is done in its order
   */
  Copies(@Nullable StagedArtifacts artifacts, Executor thread) {
    this.artifacts = artifacts;
    this.thread = thread;
  }

  private static String key(String service, int generation) {
    return service + ".g" + generation;
  }

  /**
   * Copies what the generation is launched from, once, and looks at the memory.
   *
   * @param beside pids of workers that tell how large one is
   */
  void prepare(Generation generation, List<Long> beside, Prepared told) {
    thread.execute(
        () -> {
          try {
            stage(generation);
            told.done(memory(beside));
          } catch (IOException | RuntimeException e) {
            told.failed(String.valueOf(e.getMessage()));
          }
        });
  }

  /**
   * Says how what a generation was launched from differs from its copy; empty if it does not.
   *
   * @param told on the thread that has read both
   */
  void compare(Generation generation, Consumer<String> told) {
    thread.execute(() -> told.accept(difference(generation)));
  }

  private String difference(Generation generation) {
    String service = generation.config().name();
    Launch launch = generation.config().launch();
    try {
      if (artifacts == null || artifacts.copyOf(service, generation.number()) == null) {
        return "nothing it runs is copied, so nobody knows whether it has changed";
      }
      boolean same = artifacts.isUnchanged(service, generation.number(), launch);
      return same ? "" : "its code has changed since " + generation + " was launched";
    } catch (IOException | RuntimeException e) {
      return "cannot compare its code: " + e.getMessage();
    }
  }

  private void stage(Generation generation) throws IOException {
    String service = generation.config().name();
    String key = key(service, generation.number());
    if (launches.containsKey(key)) {
      return;
    }
    Launch launch = generation.config().launch();
    if (artifacts != null) {
      launch = artifacts.stage(service, generation.number(), launch).launch();
    }
    launches.put(key, launch);
  }

  private static Memory memory(List<Long> beside) {
    long largest = beside.stream().mapToLong(Processes::residentBytes).max().orElse(0);
    HostMemory host = HostMemory.read();
    return new Memory(host.availableBytes(), largest, host.source());
  }

  /** What to launch for a generation that was prepared. */
  Launch launch(Generation generation) {
    String key = key(generation.config().name(), generation.number());
    return launches.getOrDefault(key, generation.config().launch());
  }

  /**
   * What the artifact of a generation calls itself; empty if that is not known. Reads all of it the
   * first time, on the thread that copies: not while a worker boots, which needs the processor.
   */
  String version(String service, int generation) {
    String key = key(service, generation);
    Launch launch = launches.get(key);
    if (artifacts == null || launch == null || versions.containsKey(key)) {
      return versions.getOrDefault(key, "");
    }
    String version = "";
    try {
      version = artifacts.version(service, generation, launch);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot tell the version of " + key + ": " + e.getMessage());
    }
    versions.put(key, version);
    return version;
  }

  /** What all those that are prepared run on, by names such as {@code web.g3}. */
  ImmutableMap<String, Launch> launches() {
    return ImmutableMap.copyOf(launches);
  }

  /** Another supervisor has made these. */
  void resume(Map<String, Launch> made) {
    launches.putAll(made);
  }

  /** Nobody runs on it, and nobody will. */
  void discard(String service, int generation) {
    launches.remove(key(service, generation));
    versions.remove(key(service, generation));
    thread.execute(
        () -> {
          try {
            if (artifacts != null) {
              artifacts.drop(service, generation);
            }
          } catch (IOException e) {
            LOG.log(Level.WARNING, "could not remove copies of " + key(service, generation), e);
          }
        });
  }
}
