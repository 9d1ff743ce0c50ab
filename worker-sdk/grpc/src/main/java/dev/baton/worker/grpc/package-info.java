/** For gRPC over Netty. */
@NullMarked
package dev.baton.worker.grpc;

import org.jspecify.annotations.NullMarked;
