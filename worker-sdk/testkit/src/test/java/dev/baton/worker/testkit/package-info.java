@NullMarked
package dev.baton.worker.testkit;

import org.jspecify.annotations.NullMarked;
