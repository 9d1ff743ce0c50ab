/** What makes an unmodified server restartable: hooks on bind, the grants, the switch. */
@NullMarked
package dev.baton.agent;

import org.jspecify.annotations.NullMarked;
