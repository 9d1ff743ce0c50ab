package dev.baton.supervisor.loop;

import dev.baton.channel.Connection;
import dev.baton.protocol.Message;
import dev.baton.supervisor.core.Generation;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.process.Gates;
import dev.baton.supervisor.process.LogWatch;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the loop holds of one worker: its process, and its connection once it has attached. */
final class WorkerHandle {
  private final WorkerId id;
  private final Generation generation;
  private final Process process;
  private final @Nullable Path output;

  // Mutable state, touched on the loop only
  private @Nullable Connection connection;
  private @Nullable Gates gates;
  private @Nullable LogWatch watch;
  private long jvm;

  WorkerHandle(WorkerId id, Generation generation, Process process, @Nullable Path output) {
    this.id = id;
    this.generation = generation;
    this.process = process;
    this.output = output;
  }

  Generation generation() {
    return generation;
  }

  Process process() {
    return process;
  }

  /** The pid of the JVM that attached; 0 before. */
  long jvm() {
    return jvm;
  }

  /** The same gates at every try: they know what they have read. One try at a time. */
  Gates gates() {
    if (gates == null) {
      Gates.Subject subject = new Gates.Subject(id.toString(), jvm, output);
      gates = new Gates(generation.config().readiness().gates(), subject);
    }
    return gates;
  }

  /**
   * Looks for that pattern in all it writes; null without a file. Not only from now on: what it
   * complained of between being switched on and our first look counts as well.
   */
  @Nullable LogWatch watch(String pattern) {
    if (watch == null && output != null) {
      watch = LogWatch.fromTheStart(output, Pattern.compile(pattern));
    }
    return watch;
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
