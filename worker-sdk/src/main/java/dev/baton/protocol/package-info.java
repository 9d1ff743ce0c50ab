/** The messages between supervisor, workers and commands, and their bytes. No I/O. */
@NullMarked
package dev.baton.protocol;

import org.jspecify.annotations.NullMarked;
