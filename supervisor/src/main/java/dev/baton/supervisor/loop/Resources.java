package dev.baton.supervisor.loop;

import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.Launcher;
import dev.baton.supervisor.process.Tokens;
import dev.baton.supervisor.resource.History;
import dev.baton.supervisor.resource.Leases;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.StagedArtifacts;
import dev.baton.supervisor.resource.Store;
import dev.baton.supervisor.takeover.Handover;
import dev.baton.supervisor.takeover.State;
import dev.baton.supervisor.takeover.StateFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What the loop works with.
 *
 * @param listeners becomes the loop's, which closes it at its end
 * @param leases what workers may have one at a time
 * @param store what workers have kept; becomes the loop's, which closes it at its end
 * @param state what relative paths of logs are relative to
 * @param ownLog null when there is no place for it
 * @param artifacts null when there is no place for copies
 * @param history null when there is no place for it
 * @param evidence the place for what is known of workers that died; null when there is none
 * @param ownFolders what begins so is a file of ours, or should not be open
 * @param ownFiles those that are open as long as we live
 * @param stateFile becomes the loop's, which closes it at its end
 * @param boot tells this run of the host from others
 * @param before what the supervisor left that this one follows; null when it follows none
 * @param handedOver listeners of that supervisor, which become the loop's
 * @param probes runs what blocks; becomes the loop's, which shuts it down at its end
 * @param files one thread that copies and writes; becomes the loop's, which lets it finish, like
 *     the next three
 * @param logs one thread that writes and renames logs
 * @param archives one thread that compresses them
 * @param diagnoses a few threads that look at workers, and wait for them
 */
public record Resources(
    Launcher launcher,
    Tokens<WorkerId> tokens,
    ListenerTable<WorkerId> listeners,
    Leases leases,
    Store store,
    Path state,
    @Nullable SupervisorLog ownLog,
    @Nullable StagedArtifacts artifacts,
    @Nullable History history,
    @Nullable Path evidence,
    List<String> ownFolders,
    List<String> ownFiles,
    StateFile stateFile,
    String boot,
    @Nullable State before,
    List<Handover.Offer> handedOver,
    ExecutorService probes,
    ExecutorService files,
    ExecutorService logs,
    ExecutorService archives,
    ExecutorService diagnoses) {}
