@NullMarked
package dev.baton.examples.spring;

import org.jspecify.annotations.NullMarked;
