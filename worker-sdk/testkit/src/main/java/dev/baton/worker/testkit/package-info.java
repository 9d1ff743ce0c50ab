/** A strict client: counts every kind of failure, never retries, never waits for the server. */
@NullMarked
package dev.baton.worker.testkit;

import org.jspecify.annotations.NullMarked;
