@NullMarked
package dev.baton.examples.unixsocket;

import org.jspecify.annotations.NullMarked;
