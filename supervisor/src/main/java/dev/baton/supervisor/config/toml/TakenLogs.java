package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Files;
import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Refuses logs that are the same file: each would rename it away under the other. */
final class TakenLogs {
  private TakenLogs() {}

  /**
   * That a log is to be at a path.
   *
   * @param path as messages call it
   * @param file the same for the same file
   * @param place of its key
   * @param isWritten whether the path is; otherwise it is the default
   */
  record Claim(String path, String file, Place place, boolean isWritten) {}

  /** The supervisor's. */
  static ImmutableList<Claim> of(SupervisorLog log, Table table) {
    return claim(log.path(), log.path(), LogKeys.OWN_PATH, table);
  }

  /** Those of a service. */
  static ImmutableList<Claim> of(
      ServiceConfig service, Table output, ImmutableMap<String, Table> logs) {
    ImmutableList.Builder<Claim> claims = ImmutableList.builder();
    claims.addAll(claim(service, service.outputLog(), LogKeys.OUTPUT_PATH, output));
    claims.addAll(claim(service, service.errorLog(), LogKeys.ERROR_PATH, output));
    for (LogConfig log : service.logs()) {
      Table table = Objects.requireNonNull(logs.get(log.name()));
      claims.addAll(claim(service, log, LogKeys.NAMED_PATH, table));
    }
    return claims.build();
  }

  private static ImmutableList<Claim> claim(
      ServiceConfig service, @Nullable LogConfig log, Key<String> key, Table table) {
    if (log == null) {
      return ImmutableList.of();
    }
    // The name of a worker begins with that of its service and a dot.
    String file = log.path().replace(LogConfig.WORKER, service.name() + "." + LogConfig.WORKER);
    return claim(log.path(), file, key, table);
  }

  /** None if what is written is no path: that was said, and the default is not meant. */
  private static ImmutableList<Claim> claim(
      String path, String file, Key<String> key, Table table) {
    boolean isWritten = table.has(key);
    if (isWritten && table.read(key).isEmpty()) {
      return ImmutableList.of();
    }
    return ImmutableList.of(new Claim(path, Files.simplifyPath(file), table.place(key), isWritten));
  }

  static void check(
      ImmutableList<Claim> own, ImmutableList<ServiceKeys.Read> services, Reading reading) {
    Map<String, Claim> taken = new HashMap<>();
    check(own, taken, reading);
    services.forEach(service -> check(service.logs(), taken, reading));
  }

  private static void check(
      ImmutableList<Claim> claims, Map<String, Claim> taken, Reading reading) {
    for (Claim claim : claims) {
      Claim other = taken.putIfAbsent(claim.file(), claim);
      if (other != null) {
        reading.problems().add(claim.place(), problem(claim, other));
      }
    }
  }

  private static String problem(Claim claim, Claim other) {
    String key = other.place().key();
    return claim.path()
        + (other.isWritten()
            ? " is taken by " + key + " in line " + other.place().line()
            : " is the default of " + key)
        + "; give each log a path of its own";
  }
}
