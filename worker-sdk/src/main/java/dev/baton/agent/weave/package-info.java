/**
 * Rewrites classes so that they call the agent. All that touches ASM, and nothing else: ASM is
 * compiled for Java 5, and what is or extends such a class can be in no class-data archive (17
 * crashes when the JVM's own loader takes one from there).
 */
@NullMarked
package dev.baton.agent.weave;

import org.jspecify.annotations.NullMarked;
