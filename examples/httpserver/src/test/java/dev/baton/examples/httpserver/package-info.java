@NullMarked
package dev.baton.examples.httpserver;

import org.jspecify.annotations.NullMarked;
