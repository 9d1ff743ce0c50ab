package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.core.WorkerId;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of the wish to know what workers do.
 *
 * @param refusal why nothing was done; empty if something was
 */
public record Diagnosis(ImmutableList<Row> rows, String refusal) {
  /**
   * One worker.
   *
   * @param file where it is written down; null if it is not
   * @param problem why not; empty if it is
   */
  public record Row(WorkerId worker, @Nullable Path file, String problem) {}

  static Diagnosis of(List<Row> rows) {
    return new Diagnosis(ImmutableList.copyOf(rows), "");
  }

  static Diagnosis refused(String why) {
    return new Diagnosis(ImmutableList.of(), why);
  }
}
