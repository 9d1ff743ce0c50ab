package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.channel.Connection;
import dev.baton.supervisor.Jars;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker of another user, from its start to its attach. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class OtherUserTest {
  /** Attaches as the protocol says, and prints the verb of the answer. */
  private static final String WORKER =
      """
      import java.net.UnixDomainSocketAddress;
      import java.nio.ByteBuffer;
      import java.nio.channels.SocketChannel;
      public class Worker {
        public static void main(String[] args) throws Exception {
          String hello = "HELLO\\nversion=1\\ntoken=" + System.getenv("BATON_TOKEN")
              + "\\npid=" + ProcessHandle.current().pid() + "\\njava=17\\n";
          ByteBuffer frame = ByteBuffer.allocate(1000);
          frame.putInt(hello.length()).put(hello.getBytes()).flip();
          try (SocketChannel channel =
              SocketChannel.open(UnixDomainSocketAddress.of(System.getenv("BATON_ATTACH")))) {
            channel.write(frame);
            ByteBuffer answer = ByteBuffer.allocate(1000);
            int read = channel.read(answer);
            System.out.println(read < 0 ? "closed" : new String(answer.array(), 4, 7));
          } catch (java.io.IOException e) {
            System.out.println("closed"); // before all was written
          }
        }
      }
      """;

  @TempDir private Path folder = Path.of("");

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void openFolder() throws IOException {
    Assumptions.assumeTrue(RunDirectory.uid() == 0, "only root can become somebody else");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
  }

  @Test
  void attachesIfItsUserIsLetIn() throws Exception {
    assertEquals("WELCOME", attach(User.toBecome("nobody")));

    assertEquals("attached web.g1/0", events.poll(20, TimeUnit.SECONDS));
    assertEquals("detached web.g1/0", events.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void isNotEvenReadOtherwise() throws Exception {
    assertEquals("closed", attach(new User("root", 0, 0, "/root")));

    assertTrue(events.isEmpty());
  }

  /** What a worker of nobody is answered. */
  private String attach(@Nullable User letIn) throws Exception {
    assertNotNull(letIn);
    RunDirectory directory =
        RunDirectory.of("app", Map.of(RunDirectory.BASE_VARIABLE, folder.toString()));
    directory.create();
    Path output = folder.resolve("output");
    Tokens<String> tokens = new Tokens<>(Tokens.newKey());
    try (AttachServer<String> server =
        AttachServer.start(directory.attach(), tokens, uid -> uid == letIn.uid(), new Events())) {
      assertNotNull(server);
      directory.letOthersAttach();
      String token = tokens.tokenOf("web.g1/0");
      Process process = launcher(directory).start(start(token, output));
      tokens.expect("web.g1/0", process.pid());
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
    List<String> lines = Files.readAllLines(output);
    return lines.get(lines.size() - 1);
  }

  private Launcher launcher(RunDirectory directory) throws IOException {
    Path agent =
        new Jars(folder)
            .make(
                folder.resolve("agent.jar"),
                Map.of("Premain-Class", "Nothing"),
                Map.of(
                    "Nothing", "public class Nothing { public static void premain(String a) {} }"));
    return new Launcher(agent, directory.attach());
  }

  private Start start(String token, Path output) throws IOException {
    Path jar =
        new Jars(folder)
            .make(
                folder.resolve("worker.jar"),
                Map.of("Main-Class", "Worker"),
                Map.of("Worker", WORKER));
    return new Start(
        new LaunchBuilder(Jars.java(), "-jar", jar.toString()).user("nobody").build(),
        List.of(),
        token,
        List.of(),
        Weight.FULL,
        Streams.to(Redirect.appendTo(output.toFile()), null),
        "web",
        1,
        0,
        "start",
        List.of(),
        0,
        0,
        10_000);
  }

  private final class Events implements AttachServer.Events<String> {
    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

    @Override
    public void attached(String worker, long pid, boolean again, Connection connection) {
      connections.add(connection);
      events.add("attached " + worker);
    }

    @Override
    public void received(String worker, Connection.Received message) {
      events.add("received " + message.message().verb());
    }

    @Override
    public void detached(String worker, Connection connection) {
      events.add("detached " + worker);
      try {
        connections.remove().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
