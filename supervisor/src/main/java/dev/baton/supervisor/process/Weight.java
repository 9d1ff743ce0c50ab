package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What part of the processors a worker gets when others want them too: a lower one while it boots
 * beside somebody who serves, its full one when it serves itself. It is lowered only in a way that
 * has proved to lead back: who is root gets back from a high {@code nice}, everybody from {@code
 * SCHED_BATCH}, nobody but root from {@code SCHED_IDLE}.
 */
public final class Weight {
  /** That of who was not lowered. */
  public static final Weight FULL = new Weight(Means.NONE, 0, Path.of(""), Path.of(""));

  /**
   * Of {@code nice}: a tenth of the usual weight, which gets a boot on even if others never rest.
   */
  static final int LOWERED = 10;

  private static final int MOST_NICE = 19;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How threads are lowered. */
  enum Means {
    NICE,
    BATCH,
    NONE
  }

  private final Means means;
  private final int ownNice;
  private final Path lower;
  private final Path raise;

  /**
   * Lowers nothing yet.
   *
   * @param ownNice that of the supervisor, and of workers that are not lowered
   * @param lower the program that execs another one with a lower weight
   * @param raise the program that raises threads
   */
  private Weight(Means means, int ownNice, Path lower, Path raise) {
    this.means = means;
    this.ownNice = ownNice;
    this.lower = lower;
    this.raise = raise;
  }

  /** A lower one, by the first means that works here; the full one if none does. Tries them. */
  public static Weight find() {
    for (Means means : Means.values()) {
      Weight weight = by(means);
      if (weight != null) {
        return weight;
      }
    }
    return FULL;
  }

  /** Returns null if that does not work here. */
  static @Nullable Weight by(Means means) {
    Path lower = tool(means == Means.NICE ? "nice" : "chrt");
    Path raise = tool(means == Means.NICE ? "renice" : "chrt");
    if (means == Means.NONE || lower == null || raise == null) {
      return null;
    }
    Weight weight = new Weight(means, niceOf(ProcessHandle.current().pid()), lower, raise);
    return weight.leadsBack() ? weight : null;
  }

  /** That of its first thread; 0 if it is gone. */
  static int niceOf(long pid) {
    return Task.of(pid).stream()
        .filter(task -> task.id() == pid)
        .findFirst()
        .map(Task::nice)
        .orElse(0);
  }

  private static @Nullable Path tool(String name) {
    return Programs.find(name, Path.of(""), Programs.ownPath());
  }

  /** Whether a shell that was lowered can raise itself. */
  private boolean leadsBack() {
    List<String> words = new ArrayList<>(prefix(false));
    words.addAll(List.of("/bin/sh", "-c", "\"$@\" $$", "sh"));
    words.addAll(setting(ownNice));
    try {
      CommandRun.Ended ended = CommandRun.run(new ProcessBuilder(words), Deadline.after(PATIENCE));
      return ended.inTime() && ended.exitCode() == 0;
    } catch (IOException e) {
      return false; // no shell, or no process at all
    }
  }

  public boolean isFull() {
    return means == Means.NONE;
  }

  /**
   * What comes in front of a command that is to have it; it execs, so the pid is kept.
   *
   * @param otherUser whether the command is run as another user
   */
  ImmutableList<String> prefix(boolean otherUser) {
    return switch (means) {
      case NICE -> ImmutableList.of(lower.toString(), "-n", Integer.toString(LOWERED));
      // Without root's privileges another user's processes cannot be raised.
      case BATCH -> otherUser ? ImmutableList.of() : ImmutableList.of(lower.toString(), "-b", "0");
      case NONE -> ImmutableList.of();
    };
  }

  /**
   * Lowers the session of a process that was just started, too. Returns at once.
   *
   * @param otherUser as for {@link #prefix}
   */
  void lowerSession(long pid, boolean otherUser) {
    if (!prefix(otherUser).isEmpty()) {
      Thread thread = new Thread(() -> Autogroup.lower(pid), "weight");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** What comes in front of the pids that are to have it. */
  private ImmutableList<String> setting(int nice) {
    return means == Means.NICE
        ? ImmutableList.of(raise.toString(), Integer.toString(nice), "-p")
        : ImmutableList.of(raise.toString(), "-a", "-o", "-p", "0");
  }

  /** Sets that of processes, or threads; returns what was said if it failed, else nothing. */
  String set(int nice, Collection<Long> ids) {
    List<String> words = new ArrayList<>(setting(nice));
    ids.forEach(id -> words.add(Long.toString(id)));
    try {
      CommandRun.Ended ended = CommandRun.run(new ProcessBuilder(words), Deadline.after(PATIENCE));
      boolean done = ended.inTime() && ended.exitCode() == 0;
      return done ? "" : raise.getFileName() + " failed: " + ended.lastLine();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Raises what was lowered of a process, its descendants and a JVM, by this means; waits for it,
   * and believes the kernel only.
   *
   * @param jvm 0 for none
   * @return what could not be raised, and why; empty when nothing is left
   */
  public String raise(ProcessHandle root, long jvm) {
    return isFull() ? "" : new Raising(this, root, jvm).run();
  }

  Means means() {
    return means;
  }

  int ownNice() {
    return ownNice;
  }

  /** Of threads that are lowered. */
  int loweredNice() {
    return Math.min(MOST_NICE, ownNice + LOWERED);
  }
}
