/** For Vert.x 5. */
@NullMarked
package dev.baton.worker.vertx;

import org.jspecify.annotations.NullMarked;
