@NullMarked
package dev.baton.worker.netty;

import org.jspecify.annotations.NullMarked;
