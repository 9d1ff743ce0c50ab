@NullMarked
package dev.baton.examples.exclusivescheduler;

import org.jspecify.annotations.NullMarked;
