@NullMarked
package dev.baton.examples.vertx;

import org.jspecify.annotations.NullMarked;
