package dev.baton.supervisor.loop;

import dev.baton.channel.Connection;
import dev.baton.protocol.Message;
import java.io.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the loop holds of one worker: its process, and its connection once it has attached. */
final class WorkerHandle {
  private final Process process;

  // Mutable state, touched on the loop only
  private @Nullable Connection connection;
  private long jvm;

  WorkerHandle(Process process) {
    this.process = process;
  }

  Process process() {
    return process;
  }

  /** The pid of the JVM that attached; 0 before. */
  long jvm() {
    return jvm;
  }

  void attached(long pid, Connection made) {
    jvm = pid;
    connection = made;
  }

  /** Sends a small frame; the peer's buffer has room, because it has answered all before. */
  void send(Message message, FileDescriptor... descriptors) throws IOException {
    if (connection == null) {
      throw new IOException("not attached");
    }
    connection.send(message, descriptors);
  }

  void close() throws IOException {
    if (connection != null) {
      connection.close();
    }
  }
}
