/** Programs that measure what Baton promises, and an application that is slow when cold. */
@NullMarked
package dev.baton.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
