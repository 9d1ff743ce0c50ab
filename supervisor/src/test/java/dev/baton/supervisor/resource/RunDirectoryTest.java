package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where commands find their supervisor, and nobody else may put anything. */
@ExtendWith(NothingLeft.class)
final class RunDirectoryTest {
  @TempDir private Path base = Path.of("");

  @Test
  void isForNobodyElse() throws IOException {
    RunDirectory directory = directory("app");

    directory.create();

    assertEquals("rwx------", mode(directory.path()));
  }

  @Test
  void othersMayPassToTheAttachSocketAndDoNothingElse() throws IOException {
    RunDirectory directory = directory("app");
    directory.create();
    Files.writeString(directory.attach(), "");
    listen(directory).close();
    Files.setPosixFilePermissions(
        directory.control(), PosixFilePermissions.fromString("rw-------"));

    directory.letOthersAttach();

    assertTrue(mode(base).endsWith("x"), mode(base));
    assertEquals("rwx-----x", mode(directory.path()));
    assertEquals("rw-rw-rw-", mode(directory.attach()));
    assertEquals("rw-------", mode(directory.control()));
    directory.create(); // is still ours alone to change
  }

  @Test
  void oneThatOthersMayWriteToIsRefused() throws IOException {
    RunDirectory directory = directory("app");
    directory.create();
    Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("rwxrwx---"));

    ResourceException refused = assertThrows(ResourceException.class, directory::create);

    assertEquals("EACCES", refused.errno());
    assertTrue(String.valueOf(refused.getMessage()).contains(RunDirectory.BASE_VARIABLE));
  }

  @Test
  void linkThatSomebodyMadeIsRefused() throws IOException {
    Path elsewhere = Files.createDirectory(base.resolve("elsewhere"));
    RunDirectory directory = directory("app");
    Files.createSymbolicLink(directory.path(), elsewhere);

    assertThrows(ResourceException.class, directory::create);
  }

  @Test
  void nameTooLongForASocketIsRefusedBeforeAnythingIsMade() throws IOException {
    assertThrows(ResourceException.class, () -> directory("n".repeat(110)));
  }

  @Test
  void onlyWhoAnswersIsRunning() throws IOException {
    RunDirectory dead = directory("dead");
    dead.create();
    listen(dead).close(); // leaves its path
    RunDirectory living = directory("living");
    living.create();

    try (ServerSocketChannel server = listen(living)) {
      assertEquals(List.of("living"), RunDirectory.running(environment()));
      assertTrue(server.isOpen());
    }
    assertEquals(List.of(), RunDirectory.running(environment()));
  }

  @Test
  void removingLeavesNothingAndMindsNoNewcomer() throws IOException {
    RunDirectory directory = directory("app");
    directory.create();
    listen(directory).close();
    Files.writeString(directory.path().resolve("of-a-newcomer"), "");

    directory.remove();
    assertFalse(Files.exists(directory.control()));
    assertTrue(Files.exists(directory.path()));

    Files.delete(directory.path().resolve("of-a-newcomer"));
    directory.remove();
    assertFalse(Files.exists(directory.path()));
  }

  @Test
  void lockIsHadAgainAfterItsDirectoryWasRemoved() throws IOException {
    RunDirectory directory = directory("app");
    Lock first = Lock.take(directory);
    directory.remove();

    Lock second = Lock.take(directory);

    assertTrue(Files.exists(directory.lock()));
    first.close();
    second.close();
  }

  private RunDirectory directory(String name) throws IOException {
    return RunDirectory.of(name, environment());
  }

  private Map<String, String> environment() {
    return Map.of(RunDirectory.BASE_VARIABLE, base.toString());
  }

  private static ServerSocketChannel listen(RunDirectory directory) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(directory.control()));
    return server;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
