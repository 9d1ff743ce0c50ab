package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Launch;
import java.util.List;

/**
 * One worker that is to be started.
 *
 * @param launch with the paths of its copies, if it was staged
 * @param archiveOptions by which its JVM uses an archive, or helps to make one
 * @param token what it attaches with
 * @param heldPaths unix sockets it must not remove
 * @param weight the one it begins with
 * @param streams where its stdout and stderr go
 * @param orphanMillis after how long without a supervisor it ends; 0 for never
 * @param lingerMillis how long its connections may take to end then
 * @param stopMillis how long it may take to end when it is told to
 * @param service told to the application, like the generation and the slot
 * @param reason why it is started, in a word; told to the application
 * @param listeners told to the application: each as {@code NAME=ADDRESS}
 */
public record Start(
    Launch launch,
    List<String> archiveOptions,
    String token,
    List<String> heldPaths,
    Weight weight,
    Streams streams,
    String service,
    int generation,
    int slot,
    String reason,
    List<String> listeners,
    long orphanMillis,
    long lingerMillis,
    long stopMillis) {}
