/** A strict client: counts every kind of failure, never retries, never waits for the server. */
@NullMarked
package dev.baton.examples.load;

import org.jspecify.annotations.NullMarked;
