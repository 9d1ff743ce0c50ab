/** The files of logs, read back: their archives, their marks, and what is written next. */
@NullMarked
package dev.baton.supervisor.logs;

import org.jspecify.annotations.NullMarked;
