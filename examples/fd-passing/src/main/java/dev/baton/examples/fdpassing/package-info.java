/** Two small programs that pass open files between processes over a unix socket. */
@NullMarked
package dev.baton.examples.fdpassing;

import org.jspecify.annotations.NullMarked;
