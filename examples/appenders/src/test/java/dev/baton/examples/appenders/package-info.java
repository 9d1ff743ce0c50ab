/** The appenders in the libraries they are for. */
@NullMarked
package dev.baton.examples.appenders;

import org.jspecify.annotations.NullMarked;
