/**
 * What an application may use of Baton, if it wants to know of it. Nothing here needs a supervisor:
 * without one the same code does the ordinary thing.
 *
 * <p>These classes use no other of ours: the application may load them with a class loader of its
 * own. They reach the agent, if this JVM has one, through types of the JDK.
 */
@NullMarked
package dev.baton.worker;

import org.jspecify.annotations.NullMarked;
