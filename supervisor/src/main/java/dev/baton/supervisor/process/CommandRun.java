package dev.baton.supervisor.process;

import dev.baton.jdk.Descriptors;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A command that is started to answer one question, and does not outlive the answer. Its output is
 * read through a pipe of our own: that of {@link Process} can neither be read with a deadline,
 * which a descendant that keeps it open makes necessary, nor is it bounded when the command ends.
 */
final class CommandRun {
  private static final int TAIL_BYTES = 4 * 1024;
  private static final int MOST_SHOWN = 200;
  private static final Pattern CONTROL =
      Pattern.compile("(?:\u001b\\[[0-9;]*[A-Za-z]|\\p{Cntrl})+");

  /** As much as a pipe holds is there when the process has ended; more is somebody else's. */
  private static final int MOST_CHUNKS_AFTER_ITS_END = 32;

  private final Process process;
  private final Pipe.SourceChannel output;
  private final ByteBuffer chunk = ByteBuffer.allocate(TAIL_BYTES);

  // Mutable state
  private byte[] tail = {};

  private CommandRun(Process process, Pipe.SourceChannel output) {
    this.process = process;
    this.output = output;
  }

  /**
   * How it went.
   *
   * @param inTime whether it ended by itself
   * @param exitCode of no meaning when it did not
   * @param lastLine of its output; empty if there was none
   */
  record Ended(boolean inTime, int exitCode, String lastLine) {}

  /** Runs it to its end, or to the deadline, at which it and its descendants are killed. */
  static Ended run(ProcessBuilder command, Deadline deadline) throws IOException {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel output = pipe.source()) {
      Process process;
      try (Pipe.SinkChannel input = pipe.sink()) {
        process = start(command, input);
      }
      CommandRun run = new CommandRun(process, output);
      try {
        return run.follow(deadline);
      } finally {
        run.endIt();
      }
    }
  }

  private static Process start(ProcessBuilder command, Pipe.SinkChannel input) throws IOException {
    // The name by which the kernel opens the pipe once more: a ProcessBuilder takes only files.
    int number = Descriptors.number(Descriptors.of(input));
    command.redirectInput(Redirect.from(new File("/dev/null")));
    command.redirectOutput(Redirect.appendTo(new File("/proc/self/fd/" + number)));
    command.redirectErrorStream(true);
    return command.start();
  }

  private Ended follow(Deadline deadline) throws IOException {
    output.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      SelectionKey readable = output.register(selector, SelectionKey.OP_READ);
      var unused = process.onExit().thenRun(selector::wakeup);
      // Asked once a round: it may pass at any instant.
      for (int left = deadline.remainingMillis();
          process.isAlive() && left > 0 && !Thread.currentThread().isInterrupted();
          left = deadline.remainingMillis()) {
        selector.select(left);
        selector.selectedKeys().clear();
        if (readable.isValid() && readChunk() < 0) {
          readable.cancel(); // it has closed its output and goes on
        }
      }
      boolean inTime = !process.isAlive();
      for (int i = 0; i < MOST_CHUNKS_AFTER_ITS_END && readChunk() > 0; i++) {
        // what it has written last
      }
      return new Ended(inTime, inTime ? process.exitValue() : -1, lastLine());
    }
  }

  private int readChunk() throws IOException {
    int n = output.read(chunk.clear());
    if (n > 0) {
      byte[] all = Arrays.copyOf(tail, tail.length + n);
      System.arraycopy(chunk.array(), 0, all, tail.length, n);
      tail = Arrays.copyOfRange(all, Math.max(0, all.length - TAIL_BYTES), all.length);
    }
    return n;
  }

  private String lastLine() {
    List<String> lines =
        new String(tail, StandardCharsets.UTF_8)
            .lines()
            .map(line -> CONTROL.matcher(line).replaceAll(" ").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    return last.substring(0, Math.min(last.length(), MOST_SHOWN));
  }

  /** Kills what is left of it, and waits until it is reaped. */
  private void endIt() {
    if (!process.isAlive()) {
      return;
    }
    Processes.kill(process.toHandle(), 0);
    try {
      var unused = process.waitFor(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the JDK reaps it in any case
    }
  }
}
