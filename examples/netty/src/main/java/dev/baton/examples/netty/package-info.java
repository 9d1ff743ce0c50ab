@NullMarked
package dev.baton.examples.netty;

import org.jspecify.annotations.NullMarked;
