package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.config.StorePolicy;
import dev.baton.supervisor.resource.Store.Kept;
import dev.baton.testing.NothingLeft;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real files and connections, one process. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class StoreTest {
  private static final StorePolicy POLICY = new StorePolicy(1000, 3, Duration.ofHours(1));

  @TempDir Path folder = Path.of("");

  private Store store = new Store(Path.of(""));

  @BeforeEach
  void open() {
    store = new Store(folder.resolve("store"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void keep(String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve("source"), text);
    try (FileInputStream source = new FileInputStream(file.toFile())) {
      Path copy = store.copy("web", name, source.getFD(), POLICY);
      store.keep("web", name, copy, POLICY);
    }
  }

  private String restored(String name) throws Exception {
    Kept kept = Objects.requireNonNull(store.restore("web", name, POLICY));
    try (FileChannel bytes = Objects.requireNonNull(kept.bytes())) {
      ByteBuffer buffer = ByteBuffer.allocate((int) bytes.size());
      bytes.read(buffer);
      return new String(buffer.array(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void bytesAreKeptUntilTheyAreDiscardedAndOutliveTheSupervisor() throws Exception {
    assertNull(store.restore("web", "cache", POLICY));
    keep("cache", "one");
    keep("cache", "two");
    store.close();
    store = new Store(folder.resolve("store"));

    assertEquals("two", restored("cache"));
    assertEquals("two", restored("cache"));
    assertNull(store.restore("db", "cache", POLICY), "another service's");
    store.discard("web", "cache");
    store.discard("web", "cache");
    assertNull(store.restore("web", "cache", POLICY));
    assertEquals(List.of(), files());
  }

  @Test
  void thereIsRoomForSoManyBytesAndEntries() throws Exception {
    keep("a", "x".repeat(600));
    ResourceException big = assertThrows(ResourceException.class, () -> keep("b", "x".repeat(401)));
    assertEquals(
        "it would be 1001 bytes in all, and store.size of the service is 1000", big.getMessage());
    assertThrows(ResourceException.class, () -> keep("a", "x".repeat(1001)));
    assertEquals(600, restored("a").length(), "what was stored before is still there");
    keep("a", "x".repeat(1000));
    keep("a", "");
    keep("b", "");
    keep("c", "");
    ResourceException many = assertThrows(ResourceException.class, () -> keep("d", ""));
    assertEquals(
        "it would be the 4. entry, and store.entries of the service is 3", many.getMessage());
    assertEquals(List.of("web.a", "web.b", "web.c"), files());
  }

  @Test
  void connectionIsHeldAsOneMoreDescriptor() throws Exception {
    try (ServerSocketChannel listener = listener();
        SocketChannel client = SocketChannel.open(listener.getLocalAddress());
        SocketChannel accepted = listener.accept()) {
      keep("peer", "bytes of that name");
      store.keep("web", "peer", Descriptors.of(accepted), POLICY);
      Kept kept = Objects.requireNonNull(store.restore("web", "peer", POLICY));
      assertNotNull(kept.connection());
      assertEquals(List.of(), files(), "it has taken the place of the bytes");
      assertEquals(1, store.connections().size());

      keep("peer", "bytes again");
      assertEquals(0, store.connections().size());
      client.write(ByteBuffer.wrap(new byte[] {1}));
      assertEquals(1, accepted.read(ByteBuffer.allocate(10)), "closing ours shut nothing down");

      assertThrows(
          ResourceException.class, () -> store.keep("web", "l", Descriptors.of(listener), POLICY));
    }
  }

  @Test
  void whatIsTooOldIsThrownAway() throws Exception {
    keep("old", "x");
    keep("new", "y");
    Files.setLastModifiedTime(
        folder.resolve("store/web.old"),
        FileTime.from(Instant.now().minus(POLICY.expires()).minusSeconds(1)));

    assertNull(store.restore("web", "old", POLICY));
    assertEquals("y", restored("new"));
    assertEquals(List.of("web.new"), files());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../lock", "a.b", "a/b", "a\n"})
  void nameThatIsNoNameIsRefused(String name) {
    assertThrows(ResourceException.class, () -> keep(name, "x"));
    assertThrows(ResourceException.class, () -> store.restore("web", name, POLICY));
    assertThrows(ResourceException.class, () -> store.discard("web", name));
  }

  @Test
  void whatIsNoFileIsRefused() throws Exception {
    try (FileInputStream directory = new FileInputStream("/dev/null")) {
      assertThrows(
          ResourceException.class, () -> store.copy("web", "a", directory.getFD(), POLICY));
    }
    assertFalse(Files.exists(folder.resolve("store")));
  }

  @Test
  void nothingIsLeftAtTheEnd() throws Exception {
    store.removeAll();
    keep("a", "x");
    store.removeAll();
    assertFalse(Files.exists(folder.resolve("store")));
  }

  private static ServerSocketChannel listener() throws Exception {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private List<String> files() throws Exception {
    try (Stream<Path> all = Files.list(folder.resolve("store"))) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
