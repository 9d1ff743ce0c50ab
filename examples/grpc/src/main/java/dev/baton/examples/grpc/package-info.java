@NullMarked
package dev.baton.examples.grpc;

import org.jspecify.annotations.NullMarked;
