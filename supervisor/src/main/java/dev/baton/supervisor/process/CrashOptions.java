package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options by which a JVM that cannot go on says why, and ends: one that is out of memory and
 * lives on is worth less than its replacement. Whoever starts a service has the last word.
 *
 * <p>Without streams and {@code +}, which make classes at run time that every supervisor would
 * keep.
 */
final class CrashOptions {
  private CrashOptions() {}

  /**
   * Behind the options of the launch, where the service says nothing else.
   *
   * @param environment the worker's
   * @param folder where its JVM may write; null if there is none
   */
  static List<String> addTo(Launch launch, Map<String, String> environment, @Nullable Path folder) {
    List<String> said = said(launch, environment);
    List<String> options = new ArrayList<>(launch.jvmOptions());
    if (!isSaid(said, "ExitOnOutOfMemoryError")
        && !isSaid(said, "CrashOnOutOfMemoryError")
        && !isSaid(said, "OnOutOfMemoryError=")) {
      options.add("-XX:+ExitOnOutOfMemoryError");
    }
    if (folder != null && !isSaid(said, "ErrorFile=")) {
      String escaped = folder.toString().replace("%", "%%");
      options.add("-XX:ErrorFile=" + escaped + "/hs_err_pid%p.log");
    }
    if (folder != null
        && contains(said, "-XX:+HeapDumpOnOutOfMemoryError")
        && !isSaid(said, "HeapDumpPath=")) {
      options.add("-XX:HeapDumpPath=" + folder);
    }
    return options;
  }

  /** Wherever options of a JVM may stand, as far as we see it. */
  private static List<String> said(Launch launch, Map<String, String> environment) {
    List<String> places = new ArrayList<>(launch.command());
    places.addAll(launch.jvmOptions());
    for (Map.Entry<String, String> one : environment.entrySet()) {
      String name = one.getKey();
      if (name.contains("JAVA") || name.contains("OPTS") || name.contains("JDK")) {
        places.add(one.getValue());
      }
    }
    return places;
  }

  private static boolean isSaid(List<String> said, String flag) {
    return contains(said, "-XX:" + flag)
        || contains(said, "-XX:+" + flag)
        || contains(said, "-XX:-" + flag);
  }

  private static boolean contains(List<String> said, String option) {
    for (String one : said) {
      if (one.contains(option)) {
        return true;
      }
    }
    return false;
  }
}
