/** Workers as processes and as peers: spawn, signal, reap, attach; one connection per worker. */
@NullMarked
package dev.baton.supervisor.process;

import org.jspecify.annotations.NullMarked;
