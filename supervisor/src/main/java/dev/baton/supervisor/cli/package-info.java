/** The commands an operator types. */
@NullMarked
package dev.baton.supervisor.cli;

import org.jspecify.annotations.NullMarked;
