package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Gate;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The gates of one worker, for as long as it lives: knows what of its output has been read. Tried
 * by one thread at a time, any thread but the loop: it blocks.
 */
public final class Gates {
  private static final Result NONE = new Result(true, "no probe asked for", 0);

  private final ImmutableList<Gate> gates;
  private final ImmutableList<Probe> probes;

  /**
   * Nothing is tried yet.
   *
   * @param gates whose patterns compile
   */
  public Gates(ImmutableList<Gate> gates, Subject subject) {
    this.gates = gates;
    this.probes =
        gates.stream().map(gate -> probe(gate, subject)).collect(ImmutableList.toImmutableList());
  }

  /**
   * Whose gates they are.
   *
   * @param worker its id, for commands
   * @param pid of its JVM, for commands; 0 if that is unknown
   * @param output the file it writes to; null when it writes to the supervisor's own output
   * @param word what it says of itself
   */
  public record Subject(String worker, long pid, @Nullable Path output, Word word) {}

  /**
   * What a try found.
   *
   * @param detail one phrase for the operator, such as {@code /health answered 503}
   * @param nanos how long the last request took from connecting to the end of its answer; without
   *     an http gate, how long a connection took to be accepted; 0 when nothing was asked
   */
  public record Result(boolean passed, String detail, long nanos) {
    Result explainedBy(String more) {
      return new Result(passed, detail + more, nanos);
    }

    private Result withNanos(long other) {
      return new Result(passed, detail, other);
    }
  }

  private static Probe probe(Gate gate, Subject subject) {
    if (gate instanceof Gate.Tcp tcp) {
      return new TcpProbe(tcp);
    }
    if (gate instanceof Gate.Http http) {
      return new HttpProbe(http);
    }
    if (gate instanceof Gate.Log log) {
      return new LogProbe(log, subject.output());
    }
    if (gate instanceof Gate.Said) {
      return new WordProbe(subject.word());
    }
    return new ExecProbe((Gate.Exec) gate, subject);
  }

  /**
   * Tries them in their order, up to the first that fails.
   *
   * @param faces of the worker
   */
  public Result tryAll(Faces faces) {
    Result last = NONE;
    long requestNanos = 0;
    long connectNanos = 0;
    for (int i = 0; i < probes.size() && last.passed(); i++) {
      last = probes.get(i).run(faces);
      if (gates.get(i) instanceof Gate.Http) {
        requestNanos = last.nanos();
      } else if (gates.get(i) instanceof Gate.Tcp) {
        connectNanos = last.nanos();
      }
    }
    return last.withNanos(requestNanos > 0 ? requestNanos : connectNanos);
  }
}
