package dev.baton.supervisor.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker as {@code status} shows it.
 *
 * @param since the instant at which it came into this state, on the clock of the loop
 * @param connections open ones at the last count; only a draining worker is counted
 * @param trouble why it is about to be replaced; empty when it does well
 * @param says what it does: in its own words, or how far its warm-up is; empty when nothing is said
 * @param archive whether its classes come from an archive; {@code NONE} also if a supervisor before
 *     this one has launched it
 * @param figures those it told last; null before, or when it tells none
 */
public record WorkerStatus(
    WorkerId id,
    WorkerState state,
    long pid,
    long since,
    List<String> listening,
    int connections,
    String trouble,
    String says,
    ArchiveUse archive,
    @Nullable Figures figures) {
  WorkerStatus saying(String text) {
    return new WorkerStatus(
        id, state, pid, since, listening, connections, trouble, text, archive, figures);
  }
}
