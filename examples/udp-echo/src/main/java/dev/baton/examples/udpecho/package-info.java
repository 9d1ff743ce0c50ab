@NullMarked
package dev.baton.examples.udpecho;

import org.jspecify.annotations.NullMarked;
