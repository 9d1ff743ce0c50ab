/** What a supervisor leaves behind for the next one, and how that finds it. */
@NullMarked
package dev.baton.supervisor.takeover;

import org.jspecify.annotations.NullMarked;
