/** For Jetty 12. */
@NullMarked
package dev.baton.worker.jetty;

import org.jspecify.annotations.NullMarked;
