/** The decisions of the supervisor: facts in, actions out. No I/O, no thread, no clock. */
@NullMarked
package dev.baton.supervisor.core;

import org.jspecify.annotations.NullMarked;
