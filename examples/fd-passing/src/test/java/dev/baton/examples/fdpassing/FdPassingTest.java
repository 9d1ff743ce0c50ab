package dev.baton.examples.fdpassing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXSocket;

@Timeout(180)
final class FdPassingTest {
  @TempDir private static Path programs;
  @TempDir private Path folder;

  private final List<Child> children = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    for (Child child : children) {
      child.kill();
    }
  }

  @Test
  void aFileGoesFromJavaToJava() throws Exception {
    Child sender = sender(file("a", "first file"));
    Child receiver = receiver();
    assertPassed(sender, receiver, List.of("first file"));
  }

  @Test
  void anArrayOfFilesGoesInOrder() throws Exception {
    Child sender = sender(file("a", "one"), file("b", ""), file("c", "three"));
    Child receiver = receiver();
    assertPassed(sender, receiver, List.of("one", "", "three"));
  }

  @Test
  void theReceiverPrintsAtMost64BytesAndNoControlCharacters() throws Exception {
    Child sender = sender(file("long", "x".repeat(100)), file("bell", "a\u0007\nb"));
    Child receiver = receiver();
    assertPassed(sender, receiver, List.of("x".repeat(64), "a\\x07\\x0ab"));
  }

  @Test
  void aReceiverInCTakesFilesFromTheJavaSender() throws Exception {
    String program = Peers.compiled("recv_fds", programs);
    Child sender = sender(file("a", "to C"), file("b", "and more"));
    Child receiver = start(List.of(program, socket()));
    assertPassed(sender, receiver, List.of("to C", "and more"));
    assertTrue(receiver.lines().contains("payload of 1"), receiver::toString);
  }

  @Test
  void theJavaReceiverTakesFilesFromASenderInC() throws Exception {
    Child sender = senderInC("!", file("a", "from C"), file("b", "and more"));
    Child receiver = receiver();
    assertPassed(sender, receiver, List.of("from C", "and more"));
  }

  @Test
  void theSameFileHasAnotherNumberInTheOtherProcess() throws Exception {
    Child sender = senderInC("!", file("a", "same file"));
    Child receiver = receiver();
    assertPassed(sender, receiver, List.of("same file"));
    assertNotEquals(sender.numbers(), receiver.numbers(), receiver::toString);
  }

  @Test
  void aFileStaysOpenAfterItsSenderHasExited() throws Exception {
    // A pipe, because the receiver cannot have read it before something is written.
    Path pipe = folder.resolve("pipe");
    Child mkfifo = start(List.of("mkfifo", pipe.toString()));
    mkfifo.assertExits(0);
    Child sender = run(Sender.class, socket(), pipe.toString());
    try (var writer = Files.newOutputStream(pipe)) {
      sender.awaitLine("listening on ");
      Child receiver = receiver();
      sender.assertExits(0);
      writer.write("written later".getBytes(UTF_8));
      writer.flush();
      assertPassed(sender, receiver, List.of("written later"));
    }
  }

  @Test
  void aFileStaysOpenOnItsWayEvenWhenItIsDeletedAndItsSenderHasExited() throws Exception {
    String program = Peers.compiled("recv_fds", programs);
    String file = file("a", "still there");
    Child sender = sender(file);
    Child receiver = start(List.of(program, socket(), "late"));
    sender.assertExits(0);
    Files.delete(Path.of(file));
    receiver.enterLine();
    assertPassed(sender, receiver, List.of("still there"));
  }

  @Test
  void aMessageTakesSixtyDescriptors() throws Exception {
    List<String> contents = new ArrayList<>();
    Child sender = sender(files(60, contents));
    Child receiver = receiver();
    assertPassed(sender, receiver, contents);
  }

  @Test
  void theSenderRefusesSixtyOneDescriptors() throws Exception {
    Child sender = run(Sender.class, with(socket(), files(61, new ArrayList<>())));
    sender.assertFails(1, "61 descriptors", "at most 60", "send the rest in another");
    assertFalse(Files.exists(Path.of(socket())));
  }

  @Test
  void theReceiverRefusesSixtyOneDescriptors() throws Exception {
    Child sender = senderInC("!", files(61, new ArrayList<>()));
    receiver().assertFails(1, "at most 60");
    sender.assertExits(0);
  }

  @Test
  void aMessageWithoutPayloadIsNotSent() throws Exception {
    try (AFUNIXSocket peer = AFUNIXSocket.newInstance()) {
      Failure failure =
          assertThrows(
              Failure.class,
              () -> DescriptorMessage.send(peer, new byte[0], List.of(FileDescriptor.in)));
      assertTrue(Failure.reason(failure).contains("without payload"), failure::toString);
    }
  }

  @Test
  void theReceiverRefusesDescriptorsWithoutPayload() throws Exception {
    Child sender = senderInC("", file("a", "lost"));
    receiver().assertFails(1, "without a message", "at least one byte of payload");
    sender.assertExits(0);
  }

  @Test
  void theReceiverRefusesPayloadWithoutDescriptors() throws Exception {
    Child sender = senderInC("hello");
    receiver().assertFails(1, "payload without descriptors", "SCM_RIGHTS");
    sender.assertExits(0);
  }

  @Test
  void badUsageIsOneLine() throws Exception {
    run(Sender.class).assertFails(2, "usage: Sender PATH FILE...");
    run(Sender.class, socket()).assertFails(2, "usage: Sender PATH FILE...");
    run(Receiver.class).assertFails(2, "usage: Receiver PATH");
    run(Receiver.class, "a", "b").assertFails(2, "usage: Receiver PATH");
  }

  @Test
  void aMissingFileIsNamedAndNothingIsBound() throws Exception {
    Child sender = run(Sender.class, socket(), file("a", "there"), "no-such-file");
    sender.assertFails(1, "cannot open no-such-file", "No such file", "name files that exist");
    assertFalse(Files.exists(Path.of(socket())));
  }

  @Test
  void aPathInUseIsLeftAlone() throws Exception {
    Path path = Path.of(socket());
    try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(path));
      run(Sender.class, socket(), file("a", "a")).assertFails(1, socket(), "exists", "remove it");
      assertTrue(Files.exists(path));
    }
    Files.delete(path);
  }

  @Test
  void aPathTooLongIsRefusedByBoth() throws Exception {
    String path = folder.resolve("x".repeat(108)).toString();
    run(Sender.class, path, file("a", "a")).assertFails(1, path, "at most 107", "shorter");
    run(Receiver.class, path).assertFails(1, path, "at most 107", "shorter");
  }

  @Test
  void aSenderThatCannotBindSaysWhere() throws Exception {
    String path = folder.resolve("no-such-folder").resolve("socket").toString();
    run(Sender.class, path, file("a", "a")).assertFails(1, path, "No such file", "choose a path");
  }

  @Test
  void nobodyListeningIsOneLine() throws Exception {
    run(Receiver.class, socket()).assertFails(1, socket(), "No such file", "start a sender");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket()));
    }
    run(Receiver.class, socket()).assertFails(1, socket(), "refused", "remove the path");
    Files.delete(Path.of(socket()));
  }

  @Test
  void aSenderThatIsTerminatedRemovesItsPath() throws Exception {
    Child sender = sender(file("a", "a"));
    sender.terminate();
    sender.assertExits(143);
    assertFalse(Files.exists(Path.of(socket())), sender::toString);
  }

  private void assertPassed(Child sender, Child receiver, List<String> contents) throws Exception {
    receiver.assertExits(0);
    sender.assertExits(0);
    assertEquals(contents, receiver.contents(), receiver::toString);
    assertEquals(contents.size(), sender.numbers().size(), sender::toString);
    assertFalse(Files.exists(Path.of(socket())), "the socket is left: " + sender);
  }

  private Child sender(String... files) throws Exception {
    Child sender = run(Sender.class, with(socket(), files));
    sender.awaitLine("listening on ");
    return sender;
  }

  private Child senderInC(String payload, String... files) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Peers.compiled("send_fds", programs));
    command.addAll(List.of(socket(), payload));
    command.addAll(List.of(files));
    Child sender = start(command);
    sender.awaitLine("listening on ");
    return sender;
  }

  private Child receiver() throws IOException {
    return run(Receiver.class, socket());
  }

  private Child run(Class<?> main, String... arguments) throws IOException {
    return kept(Child.java(folder, main, List.of(arguments)));
  }

  private Child start(List<String> command) throws IOException {
    return kept(Child.start(folder, command));
  }

  private Child kept(Child child) {
    children.add(child);
    return child;
  }

  private String socket() {
    return folder.resolve("socket").toString();
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private String[] files(int count, List<String> contents) throws IOException {
    String[] files = new String[count];
    for (int i = 0; i < count; i++) {
      contents.add("content " + i);
      files[i] = file("file" + i, "content " + i);
    }
    return files;
  }

  private static String[] with(String first, String... others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(others));
    return all.toArray(new String[0]);
  }
}
