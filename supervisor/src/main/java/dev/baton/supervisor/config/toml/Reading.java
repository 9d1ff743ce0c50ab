package dev.baton.supervisor.config.toml;

/**
 * What is known while a text is read.
 *
 * @param isWhole whether its syntax is right, so that what is not in it was not meant to be
 */
record Reading(Source source, Problems problems, boolean isWhole) {}
