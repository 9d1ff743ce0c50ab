package dev.baton.supervisor.loop;

import dev.baton.supervisor.core.LogStatus;
import java.nio.file.Path;

/**
 * A log as {@code status} shows it.
 *
 * @param path of the present file
 */
public record ShownLog(LogStatus status, Path path) {}
