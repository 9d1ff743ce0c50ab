/** What the operator asked for, checked and immutable. No I/O. */
@NullMarked
package dev.baton.supervisor.config;

import org.jspecify.annotations.NullMarked;
