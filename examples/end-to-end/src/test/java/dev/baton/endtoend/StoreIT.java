package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a worker has stored comes back after its death. */
final class StoreIT {
  private static final int SIZE = 10 << 20;

  @RegisterExtension final Machine machine = new Machine();

  private int port;
  private Team team = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static Team unset() {
    return null;
  }

  @BeforeEach
  void configure() throws Exception {
    port = Machine.freePort();
    team = new Team(machine);
    team.configure(
        Team.service(
            "web",
            Keeper.command(port),
            Team.listen(List.of(port)),
            "restart.memory = \"ignore\"",
            "failure.back-off = \"1ms\"",
            "store = { size = \"12M\", entries = 2 }"));
  }

  /** A client; each line is answered by one. */
  private final class Client implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

    Client() throws IOException {}

    String ask(String line) throws IOException {
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      return hear();
    }

    String hear() throws IOException {
      String line = in.readLine();
      assertTrue(line != null, "the connection has ended");
      return line;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String words(String answer) {
    return answer.substring(0, answer.lastIndexOf(' '));
  }

  private static long pid(String answer) {
    return Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1));
  }

  private String ask(String line) throws IOException {
    try (Client client = new Client()) {
      return client.ask(line);
    }
  }

  private static String picture(int seed, int size) {
    return size + " " + Arrays.hashCode(Keeper.bytes(seed, size));
  }

  @Test
  void tenMebibytesComeBackAfterTheDeathOfWorkerAndSupervisor() throws Exception {
    Supervisor supervisor = team.run();
    assertEquals("nothing", words(ask("what")));
    assertEquals("done", words(ask("store 1 100")));
    String stored = ask("store 7 " + SIZE);
    assertEquals("done", words(stored));

    Command.signal(pid(stored), "KILL");
    String restored = ask("what");
    assertEquals(picture(7, SIZE), words(restored));
    assertNotEquals(pid(stored), pid(restored));

    supervisor.kill();
    team.run();
    assertEquals(picture(7, SIZE), words(ask("what")));
    assertEquals(0, machine.baton("restart").exit());
    assertEquals(picture(7, SIZE), words(ask("what")));
    assertEquals("done", words(ask("discard")));
    assertEquals("nothing", words(ask("what")));
  }

  @Test
  void connectionGoesOnWithTheNextWorker() throws Exception {
    team.run();
    try (Client client = new Client()) {
      String kept = client.ask("keep");
      assertEquals("done", words(kept));

      Command.signal(pid(kept), "KILL");
      String back = client.hear();
      assertEquals("back", words(back));
      assertNotEquals(pid(kept), pid(back));
      assertEquals("nothing " + pid(back), client.ask("what"));

      Command upgrade = machine.baton("upgrade");
      assertEquals(0, upgrade.exit(), upgrade.out() + upgrade.err());
      Command.signal(pid(back), "KILL");
      String again = client.hear();
      assertEquals("back", words(again));
      assertNotEquals(pid(back), pid(again));
    }
    assertEquals(0, machine.baton("stop").exit(), "the successor is nobody's child here");
  }

  @Test
  void moreThanThereIsRoomForIsRefusedAndLeavesNothing() throws Exception {
    team.run();
    assertEquals("done", words(ask("store 1 1000")));
    int descriptors = team.restingDescriptors().size();
    for (int i = 0; i < 20; i++) {
      String refused = ask("store 2 " + ((12 << 20) + 1));
      assertEquals(
          "refused: cannot store 'cache': it would be 12582913 bytes in all, and store.size of the"
              + " service is 12582912",
          words(refused));
    }
    try (Client first = new Client();
        Client second = new Client()) {
      assertEquals("done", words(first.ask("keep")));
      assertEquals("done", words(second.ask("keep")), "in place of the first");
      assertEquals("done", words(ask("store 1 1000")));
    }

    assertEquals(picture(1, 1000), words(ask("what")));
    assertEquals(
        descriptors + 1, team.restingDescriptors().size(), "the second connection is kept");
  }
}
