package dev.baton.supervisor.core;

/**
 * A picture of one log.
 *
 * @param bytes of the present file, when it was last looked at
 * @param rotations since it was opened
 * @param failures how often it could not be written or rotated
 * @param condition what is wrong with it now; empty when nothing is
 */
public record LogStatus(LogId id, long bytes, int rotations, int failures, String condition) {}
