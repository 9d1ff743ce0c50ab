package dev.baton.supervisor.core;

import com.google.common.collect.ImmutableList;
import java.time.Instant;
import java.util.Locale;

/**
 * What is remembered of something that replaced workers, or was asked to.
 *
 * @param id rises, over supervisors too
 * @param strategy how slots were replaced; empty where there is no choice
 * @param from what served before
 * @param to what was to serve
 * @param startedAt by the wall clock
 * @param tookNanos by a clock that nobody sets
 * @param reason one sentence
 * @param phases what the workers went through, in order
 * @param evidence folders with what is known of workers that died, or would not end
 */
public record RestartRecord(
    long id,
    String service,
    Kind kind,
    Asker asker,
    String strategy,
    Release from,
    Release to,
    Instant startedAt,
    long tookNanos,
    Result result,
    String reason,
    ImmutableList<Phase> phases,
    ImmutableList<String> evidence) {

  /** One without evidence. */
  public RestartRecord(
      long id,
      String service,
      Kind kind,
      Asker asker,
      String strategy,
      Release from,
      Release to,
      Instant startedAt,
      long tookNanos,
      Result result,
      String reason,
      ImmutableList<Phase> phases) {
    this(
        id,
        service,
        kind,
        asker,
        strategy,
        from,
        to,
        startedAt,
        tookNanos,
        result,
        reason,
        phases,
        ImmutableList.of());
  }

  /** What it was. */
  public enum Kind {
    START,
    RESTART,
    ROLLBACK,
    RELOAD,
    SCALE,
    STOP,
    /** A worker died, or said nothing for too long, and was replaced. */
    CRASH;

    /** As it is called in the history. */
    @Override
    public String toString() {
      return lowerCase(name());
    }
  }

  /** What became of it. */
  public enum Result {
    SUCCEEDED,
    FAILED,
    ROLLED_BACK,
    REFUSED;

    /** As it is called in the history. */
    @Override
    public String toString() {
      return lowerCase(name());
    }
  }

  /**
   * Who wanted it.
   *
   * @param user their name or number; empty if unknown
   * @param pid of the command; 0 if it was none
   */
  public record Asker(How how, String user, long pid) {
    /** Nobody asked: the supervisor does it by itself. */
    public static final Asker POLICY = new Asker(How.POLICY, "", 0);

    /** By what means. */
    public enum How {
      COMMAND,
      SIGNAL,
      POLICY;

      /** As it is called in the history. */
      @Override
      public String toString() {
        return lowerCase(name());
      }
    }
  }

  /**
   * Code that serves.
   *
   * @param generation 0 for none
   * @param version of its artifact; empty if unknown
   */
  public record Release(int generation, String version) {
    public static final Release NONE = new Release(0, "");
  }

  /**
   * One step of one worker.
   *
   * @param sinceNanos since the restart began
   */
  public record Phase(String worker, String state, String reason, long sinceNanos) {}

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
