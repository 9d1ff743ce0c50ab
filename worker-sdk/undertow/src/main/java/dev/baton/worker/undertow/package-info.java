/** For Undertow. */
@NullMarked
package dev.baton.worker.undertow;

import org.jspecify.annotations.NullMarked;
