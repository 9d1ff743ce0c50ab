package dev.baton.supervisor.process;

import dev.baton.supervisor.process.Weight.Means;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The way of one worker back to its full weight, with every thread it has meanwhile. */
final class Raising {
  /** A thread may start another one before its turn comes, and that is lowered as it was. */
  private static final int MOST_PASSES = 10;

  /** Once in a tenth of a second the kernel lets unprivileged processes change a session. */
  private static final long NEXT_PASS_NANOS = 60_000_000;

  private final Weight weight;
  private final ProcessHandle root;
  private final long jvm;

  // Mutable state
  private final Map<Long, Integer> targets = new HashMap<>();
  private int sessions;
  private int threads;
  private boolean refused;
  private String trouble = "";

  Raising(Weight weight, ProcessHandle root, long jvm) {
    this.weight = weight;
    this.root = root;
    this.jvm = jvm;
  }

  /** Returns what is left and why; empty when the kernel shows nothing any more. */
  String run() {
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      if (refused) {
        LockSupport.parkNanos(NEXT_PASS_NANOS);
      }
      refused = false;
      sessions = 0;
      threads = 0;
      Map<Integer, List<Long>> found = look();
      if (sessions + threads == 0) {
        return "";
      }
      found.forEach(
          (nice, ids) -> {
            String failure = weight.set(nice, ids);
            trouble = failure.isEmpty() ? trouble : failure;
          });
    }
    return (threads > 0 ? threads + " threads: " : "its session: ") + trouble;
  }

  /**
   * Raises sessions, and finds what is to be raised by a program: threads, or whole processes where
   * it takes a process at a time.
   */
  private Map<Integer, List<Long>> look() {
    Map<Integer, List<Long>> found = new TreeMap<>();
    for (long pid : family()) {
      raiseSession(pid);
      List<Task> lowered = Task.of(pid).stream().filter(this::isLowered).toList();
      threads += lowered.size();
      if (weight.means() == Means.NICE) {
        lowered.forEach(one -> add(found, targets.getOrDefault(one.id(), 0), one.id()));
      } else if (!lowered.isEmpty()) {
        add(found, 0, pid);
      }
    }
    return found;
  }

  private static void add(Map<Integer, List<Long>> found, int nice, long id) {
    found.computeIfAbsent(nice, none -> new ArrayList<>()).add(id);
  }

  private void raiseSession(long pid) {
    if (Autogroup.isLowered(pid)) {
      sessions++;
      String failure = Autogroup.raise(pid);
      refused |= !failure.isEmpty();
      trouble = failure.isEmpty() ? trouble : failure;
    }
  }

  private boolean isLowered(Task task) {
    if (weight.means() == Means.BATCH) {
      return task.policy() == Task.BATCH;
    }
    // Who had a lower weight of its own accord was lowered from that, and gets it back.
    if (task.nice() >= weight.loweredNice()) {
      targets.putIfAbsent(task.id(), Math.max(weight.ownNice(), task.nice() - Weight.LOWERED));
    }
    return task.nice() > targets.getOrDefault(task.id(), Integer.MAX_VALUE);
  }

  /** All processes that may have been lowered with it. */
  private Set<Long> family() {
    Set<Long> family = new LinkedHashSet<>();
    Stream.of(Optional.of(root), ProcessHandle.of(jvm))
        .flatMap(Optional::stream)
        .forEach(
            one -> {
              family.add(one.pid());
              one.descendants().forEach(child -> family.add(child.pid()));
            });
    return family;
  }
}
