/** For embedded Tomcat 11. */
@NullMarked
package dev.baton.worker.tomcat;

import org.jspecify.annotations.NullMarked;
