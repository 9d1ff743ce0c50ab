package dev.baton.supervisor.takeover;

import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.core.Snapshot;

/**
 * All that the next supervisor has to know.
 *
 * @param boot of the host: after another one no process is what it was
 * @param pid of the supervisor that wrote it
 * @param epoch counts the supervisors that have followed one another
 * @param key what secrets of workers are made from
 * @param desired what the operator wanted last
 * @param lastOperation the number of the last one
 * @param supervision what was decided
 * @param started when processes were started, in the kernel's ticks, by pid: a pid alone may be
 *     somebody else's by now
 * @param launches what generations run on, by names such as {@code web.g3}
 */
public record State(
    String boot,
    long pid,
    int epoch,
    String key,
    Config desired,
    long lastOperation,
    Snapshot supervision,
    ImmutableMap<String, Long> started,
    ImmutableMap<String, Launch> launches) {}
