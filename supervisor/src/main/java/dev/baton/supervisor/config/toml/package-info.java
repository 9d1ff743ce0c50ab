/** The text of {@code baton.toml} in, a checked configuration or all its problems out. No I/O. */
@NullMarked
package dev.baton.supervisor.config.toml;

import org.jspecify.annotations.NullMarked;
