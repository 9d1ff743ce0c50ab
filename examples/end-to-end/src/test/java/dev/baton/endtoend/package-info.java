/**
 * Real supervisors, real worker JVMs and strict clients, through the commands an operator types.
 */
@NullMarked
package dev.baton.endtoend;

import org.jspecify.annotations.NullMarked;
