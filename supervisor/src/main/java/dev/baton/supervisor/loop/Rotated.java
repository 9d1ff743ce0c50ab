package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.core.LogId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a rotation somebody asked for.
 *
 * @param refusal why it was not even tried; empty when it was
 * @param rows the logs that have new files
 * @param problems a sentence each; empty when every worker writes into the new files
 */
public record Rotated(String refusal, ImmutableList<Row> rows, ImmutableList<String> problems) {
  /**
   * One log.
   *
   * @param path of the new file
   * @param archive where the old one is; null when somebody else had taken it away
   */
  public record Row(LogId log, Path path, @Nullable Path archive) {}

  static Rotated refused(String why) {
    return new Rotated(why, ImmutableList.of(), ImmutableList.of());
  }
}
