package dev.baton.examples.grpc;

import dev.baton.worker.Worker;
import dev.baton.worker.grpc.DrainChannelFactory;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Says which process answers: {@code Hello} once, {@code Count} so many times as it is asked to,
 * five times a second. The messages are texts, so there is nothing to generate.
 */
public final class HelloGrpc {
  private static final String SERVICE = "hello.Greeter";

  private HelloGrpc() {}

  public static void main(String[] args) throws IOException {
    Worker worker = Worker.attach();
    IoHandlerFactory io = NioIoHandler.newFactory();
    NettyServerBuilder.forAddress(worker.listener("grpc", "8080").inetAddress())
        .channelFactory(new DrainChannelFactory(worker, NioServerSocketChannel::new))
        .bossEventLoopGroup(new MultiThreadIoEventLoopGroup(1, io))
        .workerEventLoopGroup(new MultiThreadIoEventLoopGroup(2, io))
        .addService(
            ServerServiceDefinition.builder(SERVICE)
                .addMethod(
                    method(MethodDescriptor.MethodType.UNARY, "Hello"),
                    ServerCalls.asyncUnaryCall(HelloGrpc::hello))
                .addMethod(
                    method(MethodDescriptor.MethodType.SERVER_STREAMING, "Count"),
                    ServerCalls.asyncServerStreamingCall(HelloGrpc::count))
                .build())
        .build()
        .start();
    worker.ready();
  }

  private static void hello(String request, StreamObserver<String> answer) {
    answer.onNext(text());
    answer.onCompleted();
  }

  /** On a thread of the server's executor, which is there to be blocked. */
  private static void count(String request, StreamObserver<String> answer) {
    var call = (ServerCallStreamObserver<String>) answer;
    try {
      for (int i = Integer.parseInt(request); i > 0 && !call.isCancelled(); i--) {
        TimeUnit.MILLISECONDS.sleep(200);
        answer.onNext(text());
      }
      answer.onCompleted();
    } catch (InterruptedException e) {
      answer.onError(Status.CANCELLED.asException());
    }
  }

  private static String text() {
    return "hello from pid " + ProcessHandle.current().pid();
  }

  private static MethodDescriptor<String, String> method(
      MethodDescriptor.MethodType type, String name) {
    return MethodDescriptor.<String, String>newBuilder(new Text(), new Text())
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
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
