package dev.baton.supervisor.cli;

import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.supervisor.control.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Draws the slots again and again in place. The command's thread brings the messages, a second one
 * draws ten times a second until the result is there; both hold this object's lock while they do.
 */
final class LiveView implements ProgressView {
  private static final long TICK_MILLIS = TimeUnit.NANOSECONDS.toMillis(LiveFrame.TICK_NANOS);

  private final String name;
  private final LiveFrame frame;
  private final Screen screen;
  private final PlainView plain;
  private final LongSupplier clock;
  private final Thread leaving = new Thread(this::leave, "progress-leaving");

  // Mutable state, guarded by this
  private final Board board;
  private final List<Message> outcomes = new ArrayList<>();
  private boolean closed;

  LiveView(String name, LiveFrame frame, Screen screen, PlainView plain, LongSupplier clock) {
    this.name = name;
    this.frame = frame;
    this.screen = screen;
    this.plain = plain;
    this.clock = clock;
    this.board = new Board(clock.getAsLong());
  }

  /**
   * Draws from now on.
   *
   * @param plain what is said at the end is said in its words
   */
  static LiveView start(String name, Terminal terminal, PrintWriter out, PlainView plain) {
    LiveFrame frame = new LiveFrame(name, terminal);
    LiveView view = new LiveView(name, frame, new Screen(out), plain, System::nanoTime);
    Runtime.getRuntime().addShutdownHook(view.leaving);
    Thread drawing = new Thread(view::animate, "progress");
    drawing.setDaemon(true);
    drawing.start();
    return view;
  }

  private synchronized void animate() {
    try {
      while (!closed) {
        draw();
        wait(TICK_MILLIS); // woken early only to end
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Draws the board as it is now. */
  synchronized void draw() {
    screen.draw(frame.running(board, clock.getAsLong()));
  }

  @Override
  public synchronized void progress(Message progress) throws ProtocolException {
    board.take(progress, clock.getAsLong());
  }

  /** Comes before anything else, and is written above it. */
  @Override
  public synchronized void plan(String line) {
    screen.above(() -> plain.plan(line));
  }

  @Override
  public synchronized void outcome(Message outcome) throws ProtocolException {
    outcomes.add(outcome);
  }

  @Override
  public synchronized void output(String line) {
    settle(false);
    plain.output(line);
  }

  @Override
  public synchronized void result(Message result) throws ProtocolException {
    boolean success = result.number("code") == ExitCode.OK;
    settle(success);
    for (Message outcome : outcomes) {
      plain.outcome(outcome);
    }
    if (success) {
      screen.print(frame.success(PlainView.sentence(name, result)));
    } else {
      plain.result(result);
    }
  }

  @Override
  public synchronized void fail(String problem) {
    settle(false);
    plain.fail(problem);
  }

  /** The last picture, once; what follows is written below it. */
  private void settle(boolean success) {
    if (!closed) {
      end();
      screen.draw(frame.finished(board, clock.getAsLong(), success));
    }
  }

  private void end() {
    closed = true;
    notifyAll();
  }

  /** Ctrl-C, or SIGTERM: what the command asked for goes on without it, and people should know. */
  private synchronized void leave() {
    if (!closed) {
      end();
      screen.print("");
      plain.fail("goes on with what was asked; follow it with: baton status " + name);
    }
  }

  @Override
  public synchronized void close() {
    settle(false);
    plain.close();
    try {
      Runtime.getRuntime().removeShutdownHook(leaving);
    } catch (IllegalStateException e) {
      // It is running.
    }
  }
}
