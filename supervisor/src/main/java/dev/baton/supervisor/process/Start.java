package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Launch;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One worker that is to be started.
 *
 * @param launch with the paths of its copies, if it was staged
 * @param token what it attaches with
 * @param heldPaths unix sockets it must not remove
 * @param output where its stdout and stderr go; null for the supervisor's own
 * @param service told to the application, like the generation and the slot
 */
public record Start(
    Launch launch,
    String token,
    List<String> heldPaths,
    @Nullable Path output,
    String service,
    int generation,
    int slot) {}
