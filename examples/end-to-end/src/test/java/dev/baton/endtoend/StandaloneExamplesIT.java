package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same programs without a supervisor, as their authors start them all day. */
final class StandaloneExamplesIT {
  /** Of a program that was ended by SIGTERM. */
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path folder = Path.of("");

  /** Asks for an answer; empty while there is nobody yet. */
  private interface Question {
    String ask() throws Exception;
  }

  @Test
  void helloServesAndEnds() throws Exception {
    int port = Machine.freePort();
    String log =
        run(
            "hello",
            "hello.Hello",
            List.of(),
            List.of(Integer.toString(port)),
            () -> http(local(port)));

    assertEquals("", log, "it knows nothing of Baton");
  }

  @ParameterizedTest
  @CsvSource({
    "httpserver, httpserver.HelloHttpServer",
    "exclusive-scheduler, exclusivescheduler.ExclusiveScheduler"
  })
  void httpServerServesAndEnds(String example, String main) throws Exception {
    int port = Machine.freePort();
    String address = "-Dbaton.listener.http=127.0.0.1:" + port;
    String log = run(example, main, List.of(address), List.of(), () -> http(local(port)));

    assertSaysStandalone(log);
    if (example.equals("exclusive-scheduler")) {
      assertTrue(log.contains("tick by pid "), log);
    }
  }

  @Test
  void serverOnTheNumberOfADescriptorServesAndEnds() throws Exception {
    int port = Machine.freePort();
    String address = "-Dbaton.listener.http=127.0.0.1:" + port;
    String log =
        run("netty", "netty.HelloNetty", List.of(address), List.of("fd"), () -> http(local(port)));

    assertSaysStandalone(log);
  }

  @Test
  void unixSocketServesAndEndsAndServesAgain() throws Exception {
    Path path = folder.resolve("app.sock");
    List<String> address = List.of("-Dbaton.listener.app=unix:" + path);
    for (int i = 0; i < 2; i++) { // the second finds the path of the first
      String log =
          run(
              "unix-socket",
              "unixsocket.UnixSocket",
              address,
              List.of(),
              () -> http(UnixDomainSocketAddress.of(path)));
      assertSaysStandalone(log);
    }
  }

  @Test
  void udpEchoServesAndEnds() throws Exception {
    int port = Machine.freePort();
    String address = "-Dbaton.listener.echo=udp:127.0.0.1:" + port;
    String log =
        run("udp-echo", "udpecho.UdpEcho", List.of(address), List.of(), () -> echo(local(port)));

    assertSaysStandalone(log);
  }

  private static void assertSaysStandalone(String log) {
    long lines = log.lines().filter(line -> line.contains("standalone")).count();
    assertEquals(1, lines, log);
  }

  /** Starts it, has it answer, ends it as an operator would, and returns what it has printed. */
  private String run(
      String example, String main, List<String> options, List<String> arguments, Question question)
      throws Exception {
    String target = Machine.root().resolve("examples").resolve(example).resolve("target") + "/";
    List<String> command = new ArrayList<>(List.of(Machine.java()));
    command.addAll(options);
    command.addAll(List.of("-cp", target + "classes:" + target + "lib/*"));
    command.add("dev.baton.examples." + main);
    command.addAll(arguments);
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      String[] answer = {""};
      Await.until(
          example + " answers",
          () -> {
            assertTrue(process.isAlive(), () -> "it has ended: " + read(log));
            answer[0] = question.ask();
            return !answer[0].isEmpty();
          });
      assertTrue(answer[0].contains(Long.toString(process.pid())), answer[0]);
      process.destroy();
      assertTrue(process.waitFor(10, TimeUnit.SECONDS), () -> "it does not end: " + read(log));
      assertEquals(TERMINATED, process.exitValue(), () -> read(log));
      return read(log);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "unreadable: " + e;
    }
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The whole answer of a server, which closes the connection behind it. */
  private static String http(SocketAddress server) throws IOException {
    try (SocketChannel channel = connect(server)) {
      if (channel == null) {
        return "";
      }
      String request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** Null while nobody listens. */
  private static @Nullable SocketChannel connect(SocketAddress server) {
    try {
      return SocketChannel.open(server);
    } catch (IOException e) {
      return null;
    }
  }

  private static String echo(InetSocketAddress server) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(100);
      byte[] text = "text".getBytes(StandardCharsets.US_ASCII);
      socket.send(new DatagramPacket(text, text.length, server));
      DatagramPacket answer = new DatagramPacket(new byte[100], 100);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
    } catch (SocketTimeoutException e) {
      return ""; // sent before it was bound
    }
  }
}
