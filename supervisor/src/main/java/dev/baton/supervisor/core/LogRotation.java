package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;

/**
 * What has come of a rotation that was asked for.
 *
 * @param rotated the logs that have a new file
 * @param problems a sentence each; empty when nothing is wrong. Who cannot be told yet is no
 *     problem
 */
public record LogRotation(ImmutableList<LogId> rotated, ImmutableList<String> problems) {}
