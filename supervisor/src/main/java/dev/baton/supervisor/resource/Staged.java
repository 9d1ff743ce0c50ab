package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Launch;

/**
 * A launch that runs on copies.
 *
 * @param launch with the paths of the copies
 * @param files how many were copied; 0 if there was nothing to copy
 * @param bytes how large they are together
 */
public record Staged(Launch launch, int files, long bytes) {}
