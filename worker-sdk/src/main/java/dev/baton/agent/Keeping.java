package dev.baton.agent;

import dev.baton.channel.Connection.Received;
import dev.baton.jdk.Connections;
import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** What is given to the supervisor to be kept, and comes back. */
final class Keeping {
  private static final String BYTES = "bytes";
  private static final String CONNECTION = "connection";

  /** Where files are memory, on every Linux but in some containers. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Attachment supervisor;

  Keeping(Attachment supervisor) {
    this.supervisor = supervisor;
  }

  /**
   * Blocks until it is kept.
   *
   * @param what bytes, or a connected channel of the JDK, which stays open
   * @throws IOException when the supervisor does not keep it, with its words
   */
  void store(String name, Object what) throws IOException {
    if (what instanceof byte[] bytes) {
      try (FileChannel file = memoryFile(bytes)) {
        store(name, BYTES, Descriptors.of(file));
      }
    } else if (what instanceof SocketChannel channel) {
      store(name, CONNECTION, Descriptors.of(channel));
    } else {
      throw new IllegalArgumentException("neither bytes nor a connection: " + what.getClass());
    }
  }

  private void store(String name, String kind, FileDescriptor descriptor) throws IOException {
    Message store = Message.of(Verb.STORE).with("name", name).with("fds", kind);
    Message answer = supervisor.ask(store, Received::message, descriptor);
    if (answer.is(Verb.DENY)) {
      throw new IOException("cannot store '" + name + "': " + answer.text("reason"));
    }
  }

  /** Without a name from the start: nobody else can open it, and nothing has to be removed. */
  private static FileChannel memoryFile(byte[] bytes) throws IOException {
    Path path =
        Files.isWritable(MEMORY)
            ? Files.createTempFile(MEMORY, "baton", ".store")
            : Files.createTempFile("baton", ".store");
    FileChannel file;
    try {
      file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(path);
    }
    try {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        file.write(rest);
      }
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Bytes, or a channel that is the caller's; null when nothing is kept under that name. */
  @Nullable Object restore(String name) throws IOException {
    Object[] restored = supervisor.ask(Message.of(Verb.RESTORE).with("name", name), Keeping::take);
    return restored.length == 0 ? null : restored[0];
  }

  private static Object[] take(Received answer) throws IOException {
    Message message = answer.message();
    if (message.is(Verb.DENY)) {
      if (message.text("errno").equals("ENOENT")) {
        return new Object[0];
      }
      throw new IOException(message.text("reason"));
    }
    if (answer.descriptors().size() != 1) {
      throw new ProtocolException("not one descriptor: " + message);
    }
    int own = Descriptors.duplicate(Descriptors.number(answer.descriptors().get(0)));
    return new Object[] {message.text("fds").equals(BYTES) ? bytes(own) : connection(own)};
  }

  private static byte[] bytes(int file) throws IOException {
    // From the start, wherever others who share the description have read to.
    try (FileChannel channel = new FileInputStream(Descriptors.of(file)).getChannel()) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {}
      return bytes.array();
    }
  }

  private static SocketChannel connection(int socket) throws IOException {
    try {
      return Connections.channel(Descriptors.of(socket));
    } catch (IOException | RuntimeException e) {
      Descriptors.close(socket);
      throw e;
    }
  }

  /** Has it kept no longer. */
  void discard(String name) throws IOException {
    Message answer = supervisor.ask(Message.of(Verb.DISCARD).with("name", name), Received::message);
    if (answer.is(Verb.DENY)) {
      throw new IOException(answer.text("reason"));
    }
  }
}
