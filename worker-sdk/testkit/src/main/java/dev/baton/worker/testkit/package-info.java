/**
 * To test a worker in its own build: {@link dev.baton.worker.testkit.SupervisorExtension} runs it
 * under a real supervisor, {@link dev.baton.worker.testkit.Load} is a strict client, which counts
 * every kind of failure, never retries, never waits for the server.
 */
@NullMarked
package dev.baton.worker.testkit;

import org.jspecify.annotations.NullMarked;
