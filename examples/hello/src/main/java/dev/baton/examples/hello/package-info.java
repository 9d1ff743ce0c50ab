@NullMarked
package dev.baton.examples.hello;

import org.jspecify.annotations.NullMarked;
