@NullMarked
package dev.baton.examples.load;

import org.jspecify.annotations.NullMarked;
