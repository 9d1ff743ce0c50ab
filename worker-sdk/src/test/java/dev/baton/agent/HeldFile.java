package dev.baton.agent;

import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/** A log file as the supervisor holds it. */
final class HeldFile implements Closeable {
  private final Path path;
  private final FileOutputStream open;

  HeldFile(Path path) throws IOException {
    this.path = path;
    this.open = new FileOutputStream(path.toFile(), true);
  }

  Path path() {
    return path;
  }

  FileDescriptor descriptor() throws IOException {
    return open.getFD();
  }

  /** As in the protocol. */
  String identity() throws IOException {
    return Descriptors.file(Descriptors.number(open.getFD()));
  }

  /** Answers a request for a log with this. */
  void grant(FakeSupervisor supervisor, Message request) throws IOException {
    supervisor.send(
        Message.of(Verb.GRANT)
            .with("id", request.text("id"))
            .with("log", request.text("name"))
            .with("fds", "log"),
        descriptor());
  }

  /** The order to use the other file from now on; closes this one. */
  void replaceWith(HeldFile other, FakeSupervisor supervisor) throws IOException {
    supervisor.send(rotate(), other.descriptor());
    close();
  }

  /** The order to leave this file, without a descriptor. */
  Message rotate() throws IOException {
    return Message.of(Verb.ROTATE)
        .with("id", "7")
        .with("log", "access")
        .with("replaces", identity())
        .with("fds", "log");
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
