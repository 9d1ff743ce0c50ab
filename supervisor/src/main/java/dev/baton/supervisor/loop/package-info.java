/** The one thread that owns all state: takes facts from the inbox, carries out actions. */
@NullMarked
package dev.baton.supervisor.loop;

import org.jspecify.annotations.NullMarked;
