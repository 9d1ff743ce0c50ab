package dev.baton.agent;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Signals;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Carries out the supervisor's orders, one at a time, on a thread of its own. Not on the one that
 * reads: an order may have to wait for a thread of the application that is waiting for an answer.
 */
final class Carrier {
  private static final long COUNT_MILLIS = 50;

  /** Not at once: a JVM that gets its first clients has better things to do. */
  private static final long FIRST_FIGURES_MILLIS = 1_000;

  private static final long FIGURES_MILLIS = 30_000;

  private final Orders orders;
  private final Giver giver;
  private final ScheduledExecutorService thread =
      new ScheduledThreadPoolExecutor(1, order -> daemon(order, "baton-orders"));

  // Mutable state, of its thread
  private boolean tellsFigures;

  /** Where orders come from: one supervisor after the other. */
  interface Giver {
    /** Sends an answer to whoever gave the order, if that is still there. */
    void reply(Connection to, Message answer);

    /** Whether it is: what a supervisor wanted that is gone, the next one may not. */
    boolean isCurrent(Connection from);

    /** Says something to whoever is there. */
    void tell(Message message);
  }

  /** Waits for orders. */
  Carrier(Orders orders, Giver giver) {
    this.orders = orders;
    this.giver = giver;
  }

  static Thread daemon(Runnable role, String name) {
    Thread thread = new Thread(role, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Has an order carried out, whose descriptors are closed afterwards. */
  void carry(Received order, Connection from) {
    try {
      thread.execute(() -> answer(order, from));
    } catch (RejectedExecutionException e) {
      order.closeDescriptors();
    }
  }

  /** Waits until what was begun is done: what is offered then stays as it is. */
  void await(long mostMillis) throws InterruptedException {
    CountDownLatch idle = new CountDownLatch(1);
    try {
      thread.execute(idle::countDown);
      var unused = idle.await(mostMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // It ends.
    }
  }

  /** No more orders come. */
  void end() {
    thread.shutdown();
  }

  private void answer(Received order, Connection from) {
    Message answer = null;
    try {
      // A new file is right whoever comes next; a face is for the next supervisor to say.
      if (giver.isCurrent(from) || order.message().is(Verb.ROTATE)) {
        answer = carryOut(order).with("id", order.message().text("id", ""));
      }
    } finally {
      order.closeDescriptors();
    }
    if (answer != null) {
      giver.reply(from, answer);
      // Of those that serve only, and behind the answer: clients may wait for that.
      if (answer.is(Verb.PONG) || isOn(answer)) {
        tellFigures();
      }
    }
  }

  private static boolean isOn(Message answer) {
    return answer.is(Verb.SWITCHED) && answer.text("face", "").equalsIgnoreCase("shared");
  }

  private Message carryOut(Received received) {
    Message order = received.message();
    try {
      if (order.is(Verb.ROTATE)) {
        return rotated(received);
      }
      if (order.is(Verb.SWITCH)) {
        return switched(order);
      }
      if (order.is(Verb.COUNT)) {
        return Message.of(Verb.CONNECTIONS).with("count", orders.acceptedConnections());
      }
      if (order.is(Verb.PING)) {
        return Message.of(Verb.PONG);
      }
      if (order.is(Verb.DUMP)) {
        return dumped(received);
      }
      return Message.of(Verb.NOT_UNDERSTOOD).with("verb", order.verb());
    } catch (Exception | LinkageError e) { // such as of an image without java.management
      return Message.of(Verb.FAILED).with("verb", order.verb()).with("reason", e.toString());
    }
  }

  /** Into the file that came with it, else as SIGQUIT has it. */
  private static Message dumped(Received order) throws Exception {
    if (order.descriptors().isEmpty()) {
      Signals.raise("QUIT");
    } else {
      long most = order.message().number("most");
      FileDescriptor file = Attachment.fileOf(order, "dump");
      int own = Descriptors.duplicate(Descriptors.number(file));
      ThreadDump.write(new JvmFigures(), new FileOutputStream(Descriptors.of(own)), most);
    }
    return Message.of(Verb.DUMPED);
  }

  private Message switched(Message order) throws IOException {
    String face = order.text("face");
    String lingerMillis = order.text("drain-millis", "");
    long start = System.nanoTime();
    if (lingerMillis.isEmpty()) {
      orders.switchTo(face.toUpperCase(Locale.ROOT));
    } else {
      orders.drain(order.number("drain-millis"));
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    return Message.of(Verb.SWITCHED).with("face", face).with("micros", micros);
  }

  /** Again and again, from a while after it began to serve. */
  private void tellFigures() {
    if (!tellsFigures) {
      tellsFigures = true;
      JvmFigures figures = new JvmFigures();
      var unused =
          thread.scheduleWithFixedDelay(
              () -> giver.tell(figures.read()),
              FIRST_FIGURES_MILLIS,
              FIGURES_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  private Message rotated(Received order) throws IOException {
    Message message = order.message();
    orders.rotate(message.text("replaces"), Attachment.fileOf(order, "log"));
    return Message.of(Verb.ROTATED).with("log", message.text("log"));
  }

  /** Drains and stops this JVM: nobody else does. */
  void leave(long lingerMillis) {
    try {
      thread.execute(() -> drainAndStop(lingerMillis));
    } catch (RejectedExecutionException e) {
      // It is on its way.
    }
  }

  private void drainAndStop(long lingerMillis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lingerMillis);
    try {
      orders.drain(lingerMillis);
      // Twice, because a connection is for an instant neither in the queue nor in a descriptor.
      int empty = 0;
      while (empty < 2 && System.nanoTime() - end < 0) {
        Thread.sleep(COUNT_MILLIS);
        empty = orders.acceptedConnections() == 0 ? empty + 1 : 0;
      }
      Signals.raise("TERM");
    } catch (Exception e) {
      Notice.print("cannot end: " + e);
    }
  }
}
