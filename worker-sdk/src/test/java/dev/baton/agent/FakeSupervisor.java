package dev.baton.agent;

import dev.baton.channel.Connection;
import dev.baton.channel.Connection.Received;
import dev.baton.channel.Endpoint;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The other end of one worker's connection; what it does about a LOG is the test's. */
final class FakeSupervisor implements Closeable {
  /** What it does when it is asked for a log; runs on its thread. */
  interface Answering {
    void answer(FakeSupervisor supervisor, Message request) throws IOException;
  }

  private final Path path;
  private final Endpoint endpoint;
  private final Answering answering;
  private final Thread thread = new Thread(this::serve, "fake-supervisor");
  private final CountDownLatch welcomed = new CountDownLatch(1);
  private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Message> figures = new LinkedBlockingQueue<>();
  private volatile @Nullable Connection worker;

  private FakeSupervisor(Path path, Endpoint endpoint, Answering answering) {
    this.path = path;
    this.endpoint = endpoint;
    this.answering = answering;
  }

  static FakeSupervisor start(Path path, Answering answering) throws IOException {
    FakeSupervisor supervisor = new FakeSupervisor(path, Endpoint.listen(path), answering);
    supervisor.thread.start();
    return supervisor;
  }

  /** A worker's side, as premain makes it: it attaches when it is first asked for something. */
  Broker broker() {
    return broker(path);
  }

  static Broker broker(Path path) {
    Environment environment = new Environment(path, "token", Set.of(), 0, 0);
    return new Broker(environment, new HeldPaths(Set.of(), () -> {}), Preparation.start());
  }

  /** Waits for the worker to attach. */
  void awaitWorker() throws InterruptedException {
    if (!welcomed.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("no worker has attached");
    }
  }

  /** The next message of the worker, but for those about its start, LOG and FIGURES. */
  Message next() throws InterruptedException {
    return next(received);
  }

  /** The next FIGURES: they come when it is time for them. */
  Message nextFigures() throws InterruptedException {
    return next(figures);
  }

  private static Message next(BlockingQueue<Message> from) throws InterruptedException {
    Message next = from.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the worker says nothing");
    }
    return next;
  }

  void send(Message message, FileDescriptor... descriptors) throws IOException {
    Objects.requireNonNull(worker).send(message, descriptors);
  }

  /** Ends the connection, as the death of a supervisor does. */
  void hangUp() throws IOException {
    Connection connection = worker;
    if (connection != null) {
      connection.close();
    }
  }

  private void serve() {
    try (Connection connection = endpoint.accept()) {
      worker = connection;
      for (Received next = connection.receive(); next != null; next = connection.receive()) {
        handle(connection, next.message());
      }
    } catch (IOException e) {
      // closed by the test, or by the worker's end
    }
  }

  private void handle(Connection connection, Message message) throws IOException {
    if (message.is(Verb.HELLO)) {
      connection.send(Message.of(Verb.WELCOME).with("version", 1).with("worker", "web.g1/0"));
      welcomed.countDown();
    } else if (message.is(Verb.LOG)) {
      answering.answer(this, message);
    } else if (message.is(Verb.FIGURES)) {
      figures.add(message);
    } else {
      received.add(message);
    }
  }

  @Override
  public void close() throws IOException {
    hangUp();
    endpoint.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
