/** What the service manager passes us, and what it is told: sd_notify and socket activation. */
@NullMarked
package dev.baton.supervisor.systemd;

import org.jspecify.annotations.NullMarked;
