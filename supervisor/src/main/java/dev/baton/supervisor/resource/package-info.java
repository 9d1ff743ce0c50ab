/** What the supervisor holds open: listeners, the run directory, the workers' output. */
@NullMarked
package dev.baton.supervisor.resource;

import org.jspecify.annotations.NullMarked;
