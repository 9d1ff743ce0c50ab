/** The control socket: requests of commands, their progress and results. */
@NullMarked
package dev.baton.supervisor.control;

import org.jspecify.annotations.NullMarked;
