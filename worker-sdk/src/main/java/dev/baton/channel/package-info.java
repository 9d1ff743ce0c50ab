/** A framed connection that carries descriptors; the only user of junixsocket. */
@NullMarked
package dev.baton.channel;

import org.jspecify.annotations.NullMarked;
