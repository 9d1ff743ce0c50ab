package dev.baton.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.agent.Grant.Face;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.SocketOwner;
import dev.baton.testing.NothingLeft;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The switch under servers that wait for connections in every way the JDK knows. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class GrantTest {
  private static final int ROUNDS = 20;
  private static final int CONNECTIONS_A_ROUND = 10;

  private ServerSocketChannel shared = unset();
  private ServerSocketChannel hidden = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static ServerSocketChannel unset() {
    return null;
  }

  /** The JDK keeps what it makes for its first virtual thread. */
  @BeforeAll
  static void warmUp() throws Exception {
    try (Acceptor server = Acceptor.start(Acceptor.Kind.VIRTUAL_THREADS_ON_A_CHANNEL);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      assertEquals(server.port(), acceptedOn(client));
    }
  }

  @BeforeEach
  void open() throws IOException {
    shared = listener();
    hidden = listener();
  }

  @AfterEach
  void close() throws IOException {
    shared.close();
    hidden.close();
  }

  @ParameterizedTest
  @EnumSource
  void serverAcceptsOnTheFaceItIsGivenAndOnNoOther(Acceptor.Kind kind) throws Exception {
    try (Acceptor server = Acceptor.start(kind)) {
      Grant grant = grant(server);
      grant.hide();
      for (int i = 0; i < ROUNDS; i++) {
        acceptsOn(hidden);
        grant.switchTo(Face.SHARED);
        acceptsOn(shared);
        grant.switchTo(Face.PRIVATE);
      }
      grant.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void clientOfTheOtherFaceWaitsAndIsNotLost(Acceptor.Kind kind) throws Exception {
    try (Acceptor server = Acceptor.start(kind)) {
      Grant grant = grant(server);
      grant.hide();
      for (int i = 0; i < ROUNDS; i++) {
        try (Socket early = connect(shared)) {
          acceptsOn(hidden);
          assertEquals(0, early.getInputStream().available());

          grant.switchTo(Face.SHARED);

          assertEquals(port(shared), acceptedOn(early));
          grant.switchTo(Face.PRIVATE);
        }
      }
      grant.close();
    }
  }

  @Test
  void onlyAServerThatWasSwitchedOffSeesItsPrivateAddress() throws Exception {
    try (ServerSocketChannel server = listener()) {
      SocketAddress bound = server.getLocalAddress();
      Grant grant = grant(server);

      grant.hide();
      assertEquals(bound, server.getLocalAddress());
      grant.switchTo(Face.SHARED);
      assertEquals(shared.getLocalAddress(), server.getLocalAddress());
      grant.switchTo(Face.PRIVATE);
      assertEquals(hidden.getLocalAddress(), server.getLocalAddress());
      grant.close();
    }
  }

  @Test
  void descriptorThatTheServerHasClosedIsLeftAlone() throws Exception {
    ServerSocketChannel server = listener();
    int number = Descriptors.number(Descriptors.of(server));
    Grant grant = grant(server);
    grant.hide();

    server.close();
    assertFalse(grant.isOpen());
    grant.switchTo(Face.SHARED);

    assertFalse(Descriptors.target(number).equals(target(shared)));
    grant.close();
  }

  @Test
  void switchWaitsForTheThreadThatOwnsTheRegistration() throws Exception {
    ExecutorService loop = Executors.newSingleThreadExecutor();
    try (ServerSocketChannel server = listener()) {
      int number = Descriptors.number(Descriptors.of(server));
      Grant grant = grant(number);
      grant.boundBy(SocketOwner.of(server, loop));
      grant.hide();
      CountDownLatch free = new CountDownLatch(1);
      Future<?> busy = loop.submit(() -> free.await(20, TimeUnit.SECONDS));

      FutureTask<Void> order =
          new FutureTask<>(
              () -> {
                grant.switchTo(Face.SHARED);
                return null;
              });
      Thread orders = new Thread(order);
      orders.start();
      while (orders.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      assertEquals(target(hidden), Descriptors.target(number));
      free.countDown();
      busy.get();
      order.get();

      assertEquals(target(shared), Descriptors.target(number));
      orders.join();
      grant.close();
    } finally {
      loop.shutdown();
      assertTrue(loop.awaitTermination(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void switchOfAServerWhoseThreadHasEndedDoesNothing() throws Exception {
    ExecutorService loop = Executors.newSingleThreadExecutor();
    loop.shutdown();
    try (ServerSocketChannel server = listener()) {
      int number = Descriptors.number(Descriptors.of(server));
      Grant grant = grant(number);
      grant.boundBy(SocketOwner.of(server, loop));
      grant.hide();

      grant.switchTo(Face.SHARED);

      assertEquals(target(hidden), Descriptors.target(number));
      grant.close();
    }
  }

  @Test
  void numberThatHasComeToMeanSomethingElseIsLeftAlone() throws Exception {
    ServerSocketChannel server = listener();
    int number = Descriptors.number(Descriptors.of(server));
    Grant grant = grant(server);
    try (ServerSocketChannel other = listener()) {
      // As native code would: the owner still looks open, its number is another socket's.
      Descriptors.replace(Descriptors.number(Descriptors.of(other)), number);

      grant.hide();

      assertEquals(target(other), Descriptors.target(number));
    }
    server.close();
    grant.close();
  }

  @Test
  void closedGrantLeavesTheListenersOpen() throws Exception {
    try (ServerSocketChannel server = listener()) {
      Grant grant = grant(server);
      grant.hide();
      grant.close();
    }
    try (Socket client = connect(shared)) {
      assertTrue(client.isConnected());
    }
  }

  private Grant grant(Acceptor server) throws IOException {
    Grant grant = grant(server.descriptor());
    grant.boundBy(SocketOwner.of(server.owner()));
    return grant;
  }

  private Grant grant(ServerSocketChannel server) throws IOException {
    Grant grant = grant(Descriptors.number(Descriptors.of(server)));
    grant.boundBy(SocketOwner.of(server));
    return grant;
  }

  private Grant grant(int server) throws IOException {
    Grant grant = new Grant("tcp:test", server, duplicate(shared), duplicate(hidden), 50);
    grant.begin();
    return grant;
  }

  private static int duplicate(ServerSocketChannel channel) throws IOException {
    return Descriptors.duplicate(Descriptors.number(Descriptors.of(channel)));
  }

  private static String target(ServerSocketChannel channel) {
    return Descriptors.target(Descriptors.number(Descriptors.of(channel)));
  }

  private static ServerSocketChannel listener() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    channel.configureBlocking(false); // as the supervisor's are
    return channel;
  }

  private static void acceptsOn(ServerSocketChannel face) throws IOException {
    for (int i = 0; i < CONNECTIONS_A_ROUND; i++) {
      try (Socket client = connect(face)) {
        assertEquals(port(face), acceptedOn(client));
      }
    }
  }

  private static Socket connect(ServerSocketChannel face) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port(face));
  }

  private static int acceptedOn(Socket client) throws IOException {
    client.setSoTimeout(20_000);
    return new DataInputStream(client.getInputStream()).readInt();
  }

  private static int port(ServerSocketChannel face) throws IOException {
    return ((InetSocketAddress) face.getLocalAddress()).getPort();
  }
}
