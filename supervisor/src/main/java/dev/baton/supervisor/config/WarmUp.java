package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.time.Duration;

/**
 * The requests a new worker gets on its private face when its gates are passed, until its latency
 * has settled.
 *
 * @param tls https, whatever certificate it shows
 * @param port whose private face they go to; 0 for the first tcp listener
 * @param paths asked for in turn; each begins with a slash
 * @param method such as GET
 * @param headers sent with each
 * @param body sent with each; empty for none
 * @param concurrency how many are under way at a time
 * @param timeout after which the worker gets clients, settled or not
 */
public record WarmUp(
    boolean tls,
    int port,
    ImmutableList<String> paths,
    String method,
    ImmutableMap<String, String> headers,
    String body,
    int concurrency,
    Duration timeout) {

  /** As many as a small host has processors: more would only queue there. */
  public static final int DEFAULT_CONCURRENCY = 2;

  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** GET, plain, as it is by default. */
  public static WarmUp of(ImmutableList<String> paths, Duration timeout) {
    return new WarmUp(false, 0, paths, "GET", ImmutableMap.of(), "", DEFAULT_CONCURRENCY, timeout);
  }
}
