package dev.baton.supervisor.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** One simulated process that writes into logs, as it really is. */
final class LogWriter {
  final WorkerId id;
  boolean dead;
  boolean hung;

  /** How often its connection was opened or broke; odd while it has one. */
  int connection;

  /** What the loop knows. */
  boolean attachedKnown;

  boolean goneKnown;
  long lastSaid;
  long lastHeard;

  /** The numbers of the files that its descriptors really refer to. */
  private final Map<LogFiles, List<Long>> descriptors = new HashMap<>();

  /** What lies in its socket while it hangs. */
  final Deque<Runnable> inbox = new ArrayDeque<>();

  /** By the new file: when it was told of it. */
  private final Map<LogFiles, NavigableMap<Long, Long>> unanswered = new HashMap<>();

  /** Whose last order may be said to be late, once. */
  private final Set<LogFiles> warnable = new HashSet<>();

  LogWriter(WorkerId id) {
    this.id = id;
  }

  boolean isConnected() {
    return connection % 2 == 1;
  }

  private List<Long> descriptors(LogFiles log) {
    return descriptors.computeIfAbsent(log, one -> new ArrayList<>());
  }

  void has(LogFiles log, long file) {
    descriptors(log).add(file);
  }

  /** Puts one file over another, wherever that succeeds. */
  void replace(LogFiles log, long from, long to, BooleanSupplier succeeds) {
    descriptors(log).replaceAll(file -> file == from && succeeds.getAsBoolean() ? to : file);
  }

  /** The oldest file of a log that it really writes into; none: far in the future. */
  long oldest(LogFiles log) {
    return dead
        ? Long.MAX_VALUE
        : descriptors(log).stream().min(Long::compare).orElse(Long.MAX_VALUE);
  }

  boolean writesInto(LogFiles log, long file) {
    return !dead && descriptors(log).contains(file);
  }

  boolean writesIntoArchive(LogFiles log) {
    return !dead && descriptors(log).stream().anyMatch(log.archived::contains);
  }

  NavigableMap<Long, Long> unanswered(LogFiles log) {
    return unanswered.computeIfAbsent(log, one -> new TreeMap<>());
  }

  boolean answersNothing() {
    return unanswered.values().stream().anyMatch(orders -> orders.size() >= LogWorld.MOST_ORDERS);
  }

  void told(LogFiles log, long file, long now) {
    unanswered(log).put(file, now);
    warnable.add(log);
  }

  boolean warned(LogFiles log) {
    return warnable.remove(log);
  }
}
