/** Ordinary servers that know nothing of Baton: what it is tried on. */
@NullMarked
package dev.baton.examples.servers;

import org.jspecify.annotations.NullMarked;
