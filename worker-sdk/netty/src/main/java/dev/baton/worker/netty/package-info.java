/** For Netty 4.2. */
@NullMarked
package dev.baton.worker.netty;

import org.jspecify.annotations.NullMarked;
