package dev.baton.supervisor.loop;

import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Tokens;
import dev.baton.supervisor.resource.History;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.StagedArtifacts;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What the loop works with.
 *
 * @param listeners becomes the loop's, which closes it at its end
 * @param state what relative paths of logs are relative to
 * @param ownLog null when there is no place for it
 * @param artifacts null when there is no place for copies
 * @param history null when there is no place for it
 * @param probes runs what blocks; becomes the loop's, which shuts it down at its end
 * @param files one thread that copies and writes; becomes the loop's, which lets it finish, like
 *     the next two
 * @param logs one thread that writes and renames logs
 * @param archives one thread that compresses them
 */
public record Resources(
    Launcher launcher,
    Tokens<WorkerId> tokens,
    ListenerTable<WorkerId> listeners,
    Path state,
    @Nullable SupervisorLog ownLog,
    @Nullable StagedArtifacts artifacts,
    @Nullable History history,
    ExecutorService probes,
    ExecutorService files,
    ExecutorService logs,
    ExecutorService archives) {}
