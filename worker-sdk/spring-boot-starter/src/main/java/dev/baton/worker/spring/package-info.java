/**
 * For Spring Boot 4: an auto-configuration. On the class path, it makes an application a worker,
 * with nothing to write and nothing to call:
 *
 * <ul>
 *   <li>It says {@link dev.baton.worker.Worker#ready} when the application is ready, after its
 *       runners; of several applications in one JVM, when the first is. The application must not
 *       say it too.
 *   <li>While the worker drains, Tomcat, Jetty or Reactor Netty ends each keep-alive connection
 *       with its next response, which says so by {@code Connection: close}; on the actuator's own
 *       port, too. (With Reactor Netty an application that sets {@code HttpServer.mapHandle} itself
 *       has to do that there.)
 *   <li>The server listens where the configuration of the supervisor has the listener {@code http},
 *       or the system property {@code baton.listener.http}, if {@code server.port} is not set.
 *   <li>The actuator's health has a component {@code baton}: service, generation, slot, draining.
 *       {@code management.health.baton.enabled=false} leaves it out.
 *   <li>{@link dev.baton.worker.Worker} is a bean, for whoever wants more of it.
 * </ul>
 *
 * <p>Without a supervisor the application runs as ever. The start waits for the supervisor's
 * answer, milliseconds and 30 seconds at most; nothing here blocks afterwards.
 */
@NullMarked
package dev.baton.worker.spring;

import org.jspecify.annotations.NullMarked;
