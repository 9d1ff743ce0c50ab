/** The two programs as child processes, with each other and with peers written in C. */
@NullMarked
package dev.baton.examples.fdpassing;

import org.jspecify.annotations.NullMarked;
