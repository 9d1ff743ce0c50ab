/** What tests of several modules share. */
@NullMarked
package dev.baton.testing;

import org.jspecify.annotations.NullMarked;
