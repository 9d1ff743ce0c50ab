/** For {@code com.sun.net.httpserver}. */
@NullMarked
package dev.baton.worker.httpserver;

import org.jspecify.annotations.NullMarked;
