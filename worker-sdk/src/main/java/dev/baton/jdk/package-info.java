/** The only place that touches JDK internals: descriptors by number, dup2, epoll, the bind path. */
@NullMarked
package dev.baton.jdk;

import org.jspecify.annotations.NullMarked;
