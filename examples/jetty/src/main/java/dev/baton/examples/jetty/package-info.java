@NullMarked
package dev.baton.examples.jetty;

import org.jspecify.annotations.NullMarked;
