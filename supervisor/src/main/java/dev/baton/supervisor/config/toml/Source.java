package dev.baton.supervisor.config.toml;

import com.google.common.collect.ImmutableMap;

/**
 * Where a text comes from, and what it may refer to.
 *
 * @param file how messages call it
 * @param directory absolute; where relative paths in it begin
 * @param name of the supervisor, unless the text gives it one
 * @param environment what {@code ${NAME}} stands for
 */
public record Source(
    String file, String directory, String name, ImmutableMap<String, String> environment) {}
