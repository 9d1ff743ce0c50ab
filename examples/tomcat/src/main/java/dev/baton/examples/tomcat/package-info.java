@NullMarked
package dev.baton.examples.tomcat;

import org.jspecify.annotations.NullMarked;
