package dev.baton.agent;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Signals;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connection to the supervisor. One thread reads and hands answers to those who asked; another
 * carries out orders, one at a time. Not the same: an order may have to wait for a thread of the
 * application that is waiting for an answer.
 */
final class Attachment {
  private static final int PROTOCOL_VERSION = 1;

  /** The supervisor answers at once; this is for one that was stopped by a signal. */
  private static final long ANSWER_SECONDS = 30;

  private final Connection connection;
  private final Orders orders;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<String, Answer> asked = new ConcurrentHashMap<>();
  private final ExecutorService carrier =
      Executors.newSingleThreadExecutor(order -> daemon(order, "baton-orders"));

  private Attachment(Connection connection, Orders orders) {
    this.connection = connection;
    this.orders = orders;
  }

  /** Connects, proves who we are, and starts the reader. */
  static Attachment open(Environment environment, Orders orders) throws IOException {
    Connection connection = Endpoint.connect(environment.attach());
    try {
      connection.send(
          Message.of(Verb.HELLO)
              .with("version", PROTOCOL_VERSION)
              .with("token", environment.token())
              .with("pid", ProcessHandle.current().pid())
              .with("java", System.getProperty("java.version")));
      Received answer = connection.receive();
      if (answer == null || !answer.message().is(Verb.WELCOME)) {
        String why = answer == null ? "connection closed" : answer.message().text("reason", "");
        throw new ProtocolException("refused: " + why);
      }
      Attachment attachment = new Attachment(connection, orders);
      daemon(attachment::read, "baton-attachment").start();
      return attachment;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  private static Thread daemon(Runnable role, String name) {
    Thread thread = new Thread(role, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Sends a message nobody answers. */
  void tell(Message message) throws IOException {
    connection.send(message);
  }

  /** Sends a request and waits for its answer, whose descriptors are the caller's to close. */
  Received ask(Message request) throws IOException {
    String id = Long.toString(lastId.incrementAndGet());
    Answer answer = new Answer();
    asked.put(id, answer);
    try {
      connection.send(request.with("id", id));
      return answer.await(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the supervisor", e);
    } finally {
      asked.remove(id);
    }
  }

  private void read() {
    try (connection) {
      for (Received next = connection.receive(); next != null; next = connection.receive()) {
        handle(owned(next));
      }
    } catch (IOException e) {
      Notice.print("connection to the supervisor lost: " + e.getMessage());
    } finally {
      // The worker keeps serving with what it holds. Only new binds fail.
      asked.values().forEach(Answer::giveUp);
      carrier.shutdown();
    }
  }

  /**
   * The same message with duplicates of its descriptors. The connection closes those it received
   * when it closes, and another thread may have just read a number that then means something else.
   * Without any where there is no room for them: whoever expects some says so.
   */
  private static Received owned(Received received) {
    if (received.descriptors().isEmpty()) {
      return received;
    }
    List<FileDescriptor> duplicates = new ArrayList<>();
    Received owned = new Received(received.message(), duplicates);
    try {
      for (FileDescriptor descriptor : received.descriptors()) {
        duplicates.add(Descriptors.of(Descriptors.duplicate(Descriptors.number(descriptor))));
      }
      return owned;
    } catch (IOException e) {
      owned.closeDescriptors();
      return new Received(received.message(), List.of());
    } finally {
      received.closeDescriptors();
    }
  }

  private void handle(Received received) {
    Message message = received.message();
    if (isAnswer(message)) {
      Answer waiting = asked.get(message.text("id", ""));
      if (waiting == null || !waiting.give(received)) {
        received.closeDescriptors();
      } // else they are now the asker's
      return;
    }
    try {
      carrier.execute(() -> answer(received));
    } catch (RejectedExecutionException e) {
      received.closeDescriptors();
    }
  }

  private void answer(Received order) {
    Message answer;
    try {
      answer = carryOut(order).with("id", order.message().text("id", ""));
    } finally {
      order.closeDescriptors();
    }
    try {
      tell(answer);
    } catch (IOException e) {
      // The connection is lost: the reader says so.
    }
  }

  private static boolean isAnswer(Message message) {
    return message.is(Verb.GRANT) || message.is(Verb.DENY) || message.is(Verb.LOCAL);
  }

  private Message carryOut(Received received) {
    Message order = received.message();
    try {
      if (order.is(Verb.ROTATE)) {
        return rotated(received);
      }
      if (order.is(Verb.SWITCH)) {
        return switched(order.text("face"));
      }
      if (order.is(Verb.COUNT)) {
        return Message.of(Verb.CONNECTIONS).with("count", orders.acceptedConnections());
      }
      if (order.is(Verb.PING)) {
        return Message.of(Verb.PONG);
      }
      if (order.is(Verb.DUMP)) {
        Signals.raise("QUIT");
        return Message.of(Verb.DUMPED);
      }
      return Message.of(Verb.NOT_UNDERSTOOD).with("verb", order.verb());
    } catch (Exception e) {
      return Message.of(Verb.FAILED).with("verb", order.verb()).with("reason", e.toString());
    }
  }

  private Message switched(String face) throws IOException {
    long start = System.nanoTime();
    orders.switchTo(face.toUpperCase(Locale.ROOT));
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    return Message.of(Verb.SWITCHED).with("face", face).with("micros", micros);
  }

  private Message rotated(Received order) throws IOException {
    Message message = order.message();
    orders.rotate(message.text("replaces"), logOf(order));
    return Message.of(Verb.ROTATED).with("log", message.text("log"));
  }

  /** The one file that came with a message; it stays the message's. */
  static FileDescriptor logOf(Received received) throws ProtocolException {
    Message message = received.message();
    List<FileDescriptor> files = received.descriptors();
    if (!message.text("fds").equals("log")
        || files.size() != 1
        || Descriptors.file(Descriptors.number(files.get(0))).isEmpty()) {
      throw new ProtocolException("not one file: " + message + ", descriptors: " + files.size());
    }
    return files.get(0);
  }
}
