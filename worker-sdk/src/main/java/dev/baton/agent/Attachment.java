package dev.baton.agent;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What ties us to our supervisor: one connection after the other, for supervisors come and go. One
 * thread reads and hands answers to those who asked; when the connection is lost it looks for the
 * next supervisor, proves who we are and offers what we hold. {@link Carrier} carries out orders.
 *
 * <p>All that is sent is sent under our lock, and so are offers: what happens before an offer is in
 * it, and what happens after it is sent behind it.
 */
final class Attachment implements Carrier.Giver, Runnable {
  /** The second: it offers what it holds to the next supervisor. */
  private static final int PROTOCOL_VERSION = 2;

  /**
   * How long an application's bind waits for an answer. A supervisor answers at once; this is for
   * one that was stopped by a signal, or died and comes back.
   */
  private static final long ANSWER_SECONDS = 30;

  /**
   * How long an order of the supervisor before may keep us from coming to the next one. It may wait
   * for a thread of the application that waits for that supervisor.
   */
  private static final long ORDER_MILLIS = 2_000;

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private static final long REFUSED_PAUSE_MILLIS = 5_000;

  private final Environment environment;
  private final Orders orders;
  private final Carrier carrier;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<String, Answer> asked = new ConcurrentHashMap<>();

  // Mutable state, guarded by this
  private @Nullable Connection connection;
  private boolean over;
  private final Map<String, Message> said = new LinkedHashMap<>();

  // Mutable state, of the thread that connects, which then starts the one that reads
  private @Nullable Connection first;
  private String worker = "";
  private String identity = "";

  private Attachment(Environment environment, Orders orders) {
    this.environment = environment;
    this.orders = orders;
    this.carrier = new Carrier(orders, this);
  }

  /** Connects, proves who we are, and starts the reader. */
  static Attachment open(Environment environment, Orders orders, Preparation preparation)
      throws IOException {
    Attachment attachment = new Attachment(environment, orders);
    Message hello = hello().with("token", environment.token());
    // Not before: all that does not need what it loads is done while it does.
    Broker.prepareToBind();
    preparation.await();
    Connection made = attachment.connect(hello);
    synchronized (attachment) {
      attachment.connection = made;
    }
    attachment.first = made;
    Carrier.daemon(attachment, "baton-attachment").start();
    return attachment;
  }

  // Connecting

  /** A supervisor that died a moment ago may be back in the next. */
  private Connection connect(Message hello) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = longer(pause)) {
      try {
        return greet(hello);
      } catch (ProtocolException e) {
        throw e; // it does not want us
      } catch (IOException e) {
        if (System.nanoTime() - end >= 0 || !hasRunDirectory()) {
          throw e;
        }
      }
      sleep(pause);
    }
  }

  /** A supervisor that has stopped takes it away; one that was killed cannot. */
  private boolean hasRunDirectory() {
    return Files.isDirectory(environment.attach().resolve("..").normalize());
  }

  private static long longer(long pause) {
    return pause == REFUSED_PAUSE_MILLIS ? pause : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
  }

  private static Message hello() throws IOException {
    return Message.of(Verb.HELLO)
        .with("version", PROTOCOL_VERSION)
        .with("pid", pid())
        .with("java", System.getProperty("java.version"));
  }

  /** As {@code ProcessHandle} has it, which costs a starting JVM 4 ms. */
  private static String pid() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self")).toString();
  }

  /**
   * Connects and says who we are.
   *
   * @throws ProtocolException when the supervisor does not take us for its worker
   */
  private Connection greet(Message hello) throws IOException {
    Connection made = Endpoint.connect(environment.attach());
    try {
      made.send(hello);
      Received answer = made.receive();
      if (answer == null) {
        throw new IOException("connection closed");
      }
      answer.closeDescriptors();
      Message message = answer.message();
      if (!message.is(Verb.WELCOME)) {
        throw new ProtocolException("refused: " + message.text("reason", ""));
      }
      worker = message.text("worker");
      identity = message.text("identity", ""); // none: it is of version 1
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static void sleep(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the supervisor", e);
    }
  }

  /** The reader's life. */
  @Override
  public void run() {
    Connection current = first;
    first = null;
    while (current != null) {
      read(current);
      lose(current);
      current = identity.isEmpty() ? null : next();
    }
    // The worker keeps serving with what it holds. Only new binds fail.
    synchronized (this) {
      over = true;
      notifyAll();
    }
    carrier.end();
  }

  private void read(Connection current) {
    try (current) {
      for (Received next = current.receive(); next != null; next = current.receive()) {
        handle(owned(next), current);
      }
      Notice.print("the supervisor is gone; serving on without it");
    } catch (IOException e) {
      Notice.print("connection to the supervisor lost: " + e.getMessage());
    }
  }

  /** Whoever waits for an answer asks again when there is somebody to ask. */
  private synchronized void lose(Connection lost) {
    if (isCurrent(lost)) {
      connection = null;
    }
    asked.values().forEach(Answer::giveUp);
  }

  @Override
  public synchronized boolean isCurrent(Connection one) {
    return connection == one;
  }

  /** Waits for the next supervisor, as long as it takes; null when there is none for us. */
  private @Nullable Connection next() {
    long lostAt = System.nanoTime();
    try {
      carrier.await(ORDER_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that to our thread
    }
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = longer(pause)) {
      try {
        sleep(pause);
        if (Files.exists(environment.attach())) {
          Connection made = greet(hello().with("worker", worker).with("identity", identity));
          offer(made);
          Notice.print("attached again, as " + worker);
          return made;
        }
      } catch (ProtocolException e) {
        if (pause < REFUSED_PAUSE_MILLIS) {
          Notice.print("the next supervisor does not know us: " + e.getMessage());
        }
        pause = REFUSED_PAUSE_MILLIS; // but the one after it may
      } catch (IOException e) {
        if (identity.isEmpty()) {
          return null; // it was one of version 1, and has died while we offered
        } // else it has died, too, or is not there yet
      }
      if (isOrphanFor(System.nanoTime() - lostAt)) {
        Notice.print("no supervisor for too long: finishing connections, then ending");
        carrier.leave(environment.lingerMillis());
        return null;
      }
    }
  }

  private boolean isOrphanFor(long nanos) {
    long most = environment.orphanMillis();
    return most > 0 && nanos >= TimeUnit.MILLISECONDS.toNanos(most);
  }

  private void offer(Connection made) throws IOException {
    synchronized (this) {
      try {
        int count = 0;
        for (Offer offer : orders.offers()) {
          made.send(offer.message(), offer.descriptors());
          count++;
        }
        made.send(Message.of(Verb.REATTACHED).with("offers", count));
        for (Message message : said.values()) {
          made.send(message);
        }
        connection = made;
        notifyAll();
      } catch (IOException | RuntimeException e) {
        made.close();
        throw e;
      }
    }
  }

  // Speaking

  /** Sends what nobody answers. Without a supervisor it is left out: offers will tell the same. */
  @Override
  public synchronized void tell(Message message) {
    Connection current = connection;
    if (current != null) {
      send(current, message);
    }
  }

  /** The same, but the next supervisor is told, too: the last of each verb. */
  synchronized void say(Message message) {
    said.put(message.verb(), message);
    tell(message);
  }

  @Override
  public synchronized void reply(Connection to, Message message) {
    if (isCurrent(to)) {
      send(to, message);
    }
  }

  /** Returns whether it was sent; if not, the reader will see that the connection is lost. */
  private synchronized boolean send(Connection to, Message message, FileDescriptor... descriptors) {
    try {
      to.send(message, descriptors);
      return true;
    } catch (IOException e) {
      connection = null;
      return false;
    }
  }

  /** A request has got no answer. */
  static final class UnansweredException extends IOException {
    private static final long serialVersionUID = 1L;

    private UnansweredException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * What is made of an answer.
   *
   * @param <T> what is made
   */
  interface Taker<T> {
    /** Its descriptors are closed afterwards. */
    T take(Received answer) throws IOException;
  }

  /**
   * Sends a request, waits for its answer and has it taken. Asks again when the connection is lost
   * in between: what is taken, the supervisor that is there knows of.
   *
   * @param descriptors sent with it; they stay the caller's
   * @throws UnansweredException when there is nobody to ask any more, or for too long
   */
  <T> T ask(Message request, Taker<T> taker, FileDescriptor... descriptors) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
    while (true) {
      String id = Long.toString(lastId.incrementAndGet());
      Answer answer = new Answer();
      try {
        Connection via = send(request.with("id", id), id, answer, end, descriptors);
        Received received = via == null ? null : await(answer, end);
        if (via != null && received != null) {
          try {
            synchronized (this) {
              if (isCurrent(via)) {
                return taker.take(received);
              }
            }
          } finally {
            received.closeDescriptors();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UnansweredException("interrupted while waiting for the supervisor", e);
      } finally {
        asked.remove(id);
      }
    }
  }

  /** Returns on what it was sent; null when that is lost already. */
  private synchronized @Nullable Connection send(
      Message request, String id, Answer answer, long end, FileDescriptor... descriptors)
      throws IOException, InterruptedException {
    while (connection == null) {
      long left = millisUntil(end);
      if (over || left <= 0) {
        throw new UnansweredException("the supervisor is gone", null);
      }
      wait(left);
    }
    Connection via = connection;
    asked.put(id, answer);
    return send(via, request, descriptors) ? via : null;
  }

  private static @Nullable Received await(Answer answer, long end)
      throws UnansweredException, InterruptedException {
    if (answer.await(millisUntil(end))) {
      return answer.received();
    }
    throw new UnansweredException("the supervisor does not answer", null);
  }

  private static long millisUntil(long end) {
    return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
  }

  // Hearing

  /** Without descriptors where there is no room for them: whoever expects some says so. */
  private static Received owned(Received received) {
    try {
      return received.owned();
    } catch (IOException e) {
      return new Received(received.message(), List.of());
    }
  }

  private void handle(Received received, Connection from) {
    Message message = received.message();
    if (isAnswer(message)) {
      Answer waiting = asked.get(message.text("id", ""));
      if (waiting == null || !waiting.give(received)) {
        received.closeDescriptors();
      } // else they are now the asker's
    } else if (message.is(Verb.NOT_UNDERSTOOD)) {
      received.closeDescriptors(); // what we have said is of a later version than it
    } else {
      carrier.carry(received, from);
    }
  }

  private static boolean isAnswer(Message message) {
    return message.is(Verb.GRANT)
        || message.is(Verb.DENY)
        || message.is(Verb.LOCAL)
        || message.is(Verb.DONE);
  }

  /**
   * The one file that came with a message; it stays the message's.
   *
   * @param name what the message has to call it
   */
  static FileDescriptor fileOf(Received received, String name) throws ProtocolException {
    Message message = received.message();
    List<FileDescriptor> files = received.descriptors();
    if (!message.text("fds").equals(name)
        || files.size() != 1
        || Descriptors.file(Descriptors.number(files.get(0))).isEmpty()) {
      throw new ProtocolException("not one file: " + message + ", descriptors: " + files.size());
    }
    return files.get(0);
  }
}
