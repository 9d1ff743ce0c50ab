package dev.baton.endtoend;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Calls of one kind to the example with gRPC, and how each of them ended. Any thread. */
final class GrpcCalls {
  private static final MethodDescriptor<String, String> HELLO =
      method(MethodDescriptor.MethodType.UNARY, "hello.Greeter/Hello");
  private static final MethodDescriptor<String, String> COUNT =
      method(MethodDescriptor.MethodType.SERVER_STREAMING, "hello.Greeter/Count");

  private final String kind;

  // Mutable state, guarded by this
  private final Set<String> answeredBy = new TreeSet<>();
  private final List<String> failures = new ArrayList<>();
  private Status lastStatus = Status.OK;
  private long started;
  private long ended;
  private long slowestNanos;

  GrpcCalls(String kind) {
    this.kind = kind;
  }

  void hello(ManagedChannel channel) {
    ClientCalls.asyncUnaryCall(channel.newCall(HELLO, options()), "", new Call(1, () -> {}));
  }

  /** On a channel of its own. */
  void helloOn(ManagedChannel channel) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(HELLO, options()), "", new Call(1, channel::shutdown));
  }

  void count(ManagedChannel channel, int messages) {
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(COUNT, options()),
        Integer.toString(messages),
        new Call(messages, () -> {}));
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(15, TimeUnit.SECONDS);
  }

  synchronized boolean haveEnded() {
    return started == ended;
  }

  synchronized Set<String> answeredBy() {
    return Set.copyOf(answeredBy);
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  synchronized Status lastStatus() {
    return lastStatus;
  }

  @Override
  public synchronized String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %d calls, %d failed, by %d processes, slowest %d ms",
        kind,
        started,
        failures.size(),
        answeredBy.size(),
        TimeUnit.NANOSECONDS.toMillis(slowestNanos));
  }

  private synchronized void start() {
    started++;
  }

  private synchronized void answer(String text) {
    answeredBy.add(text);
  }

  private synchronized void end(Status status, int missing, long nanos) {
    ended++;
    lastStatus = status;
    slowestNanos = Math.max(slowestNanos, nanos);
    if (!status.isOk() || missing != 0) {
      failures.add(status + ", " + missing + " messages missing");
    }
  }

  private final class Call implements StreamObserver<String> {
    private final long begin = System.nanoTime();
    private final Runnable after;
    private int missing;

    Call(int messages, Runnable after) {
      this.missing = messages;
      this.after = after;
      start();
    }

    @Override
    public void onNext(String text) {
      missing--;
      answer(text);
    }

    @Override
    public void onError(Throwable failure) {
      end(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end(Status.OK);
    }

    private void end(Status status) {
      after.run();
      GrpcCalls.this.end(status, missing, System.nanoTime() - begin);
    }
  }

  private static MethodDescriptor<String, String> method(
      MethodDescriptor.MethodType type, String name) {
    return MethodDescriptor.<String, String>newBuilder(new Text(), new Text())
        .setType(type)
        .setFullMethodName(name)
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream bytes) {
      try {
        return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
