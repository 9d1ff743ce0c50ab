/** How logging libraries write into a named log. */
@NullMarked
package dev.baton.examples.appenders;

import org.jspecify.annotations.NullMarked;
