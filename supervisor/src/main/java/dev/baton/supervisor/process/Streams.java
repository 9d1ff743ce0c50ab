package dev.baton.supervisor.process;

import dev.baton.supervisor.resource.JournalSocket;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where stdout and stderr of a new worker go. Closed when it is started. */
public final class Streams implements Closeable {
  private final Redirect out;
  private final @Nullable Redirect err;
  private final List<JournalSocket> journal;

  private Streams(Redirect out, @Nullable Redirect err, List<JournalSocket> journal) {
    this.out = out;
    this.err = err;
    this.journal = journal;
  }

  /**
   * To descriptors that stay whose they are.
   *
   * @param err null when it goes where stdout goes
   */
  public static Streams to(Redirect out, @Nullable Redirect err) {
    return new Streams(out, err, List.of());
  }

  /** To wherever our own go. */
  public static Streams inherited() {
    return to(Redirect.INHERIT, Redirect.INHERIT);
  }

  /** To the system journal, under the name of the service. */
  public static Streams journal(String service) throws IOException {
    JournalSocket out = JournalSocket.connect(JournalSocket.SYSTEM, service, false);
    try {
      JournalSocket err = JournalSocket.connect(JournalSocket.SYSTEM, service, true);
      return new Streams(out.redirect(), err.redirect(), List.of(out, err));
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
  }

  void apply(ProcessBuilder builder) {
    builder.redirectOutput(out);
    if (err == null) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(err);
    }
  }

  @Override
  public void close() throws IOException {
    for (JournalSocket one : journal) {
      one.close();
    }
  }
}
