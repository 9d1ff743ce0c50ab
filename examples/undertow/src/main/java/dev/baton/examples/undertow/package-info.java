@NullMarked
package dev.baton.examples.undertow;

import org.jspecify.annotations.NullMarked;
