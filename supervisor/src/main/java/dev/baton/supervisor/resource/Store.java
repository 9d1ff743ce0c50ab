package dev.baton.supervisor.resource;

import com.google.common.collect.ImmutableMap;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Sockets;
import dev.baton.supervisor.config.StorePolicy;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What workers have had kept for those that come after them. Bytes are files in the run directory,
 * so they outlive us; connections are descriptors that we hold.
 *
 * <p>On the loop, but for {@link #copy}.
 */
public final class Store implements Closeable {
  /** Of a copy that is being made; no name ends so. */
  private static final String UNFINISHED = ".new";

  private final Path directory;
  private final AtomicLong copies = new AtomicLong();
  private final Map<Label, Held> connections = new LinkedHashMap<>();

  /** A connection that is kept. */
  private record Held(FileDescriptor descriptor, Instant since) {}

  /** Something that was kept: bytes, which the caller closes, or a connection, which stays ours. */
  public record Kept(@Nullable FileChannel bytes, @Nullable FileDescriptor connection) {}

  /** Keeps bytes in that directory, which is made when it is needed. */
  public Store(Path directory) {
    this.directory = directory;
  }

  private static Label label(String service, String name) throws ResourceException {
    return Label.of(service, name, "for what is stored");
  }

  private Path file(Label label) {
    return directory.resolve(label.toString());
  }

  // Keeping

  /**
   * Copies bytes beside what is kept. Blocks; on any thread.
   *
   * @param bytes a file of the worker's; stays the caller's
   * @return what {@link #keep(String, String, Path, StorePolicy)} takes
   */
  public Path copy(String service, String name, FileDescriptor bytes, StorePolicy policy)
      throws ResourceException {
    Label label = label(service, name);
    int number = Descriptors.number(bytes);
    if (Descriptors.file(number).isEmpty()) {
      throw new ResourceException("EINVAL", "what is to be stored is no file", null);
    }
    Path unfinished = directory.resolve(label + "." + copies.incrementAndGet() + UNFINISHED);
    try {
      Path source = Descriptors.link(number);
      checkSize(Files.size(source), policy);
      Files.createDirectories(directory, Mode.of("rwx------"));
      try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
        copy(from, unfinished);
      }
      return unfinished;
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      remove(unfinished);
      throw new ResourceException("EIO", "cannot store " + name + ": " + e.getMessage(), e);
    }
  }

  private static void copy(FileChannel from, Path to) throws IOException {
    try (FileChannel copy =
        FileChannel.open(
            to,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            Mode.of("rw-------"))) {
      long size = from.size(); // it may grow under our hands
      for (long done = 0; done < size; ) {
        long more = from.transferTo(done, size - done, copy);
        if (more <= 0) {
          throw new IOException("it became shorter while it was copied");
        }
        done += more;
      }
    }
  }

  /** Keeps a copy, in place of what was kept under that name; or removes it, and throws. */
  public void keep(String service, String name, Path copy, StorePolicy policy)
      throws ResourceException {
    try {
      Label label = label(service, name);
      checkRoom(label, Files.size(copy), policy);
      Files.move(copy, file(label), StandardCopyOption.ATOMIC_MOVE);
      close(connections.remove(label));
    } catch (ResourceException e) {
      remove(copy);
      throw e;
    } catch (IOException e) {
      remove(copy);
      throw new ResourceException("EIO", "cannot store " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Keeps a connection, in place of what was kept under that name.
   *
   * @param connection stays the caller's
   */
  public void keep(String service, String name, FileDescriptor connection, StorePolicy policy)
      throws ResourceException {
    Label label = label(service, name);
    try {
      if (!Sockets.isStream(connection) || Sockets.isListening(connection)) {
        throw new ResourceException("EINVAL", "what is to be stored is no connection", null);
      }
      checkRoom(label, 0, policy);
      int own = Descriptors.duplicate(Descriptors.number(connection));
      adopt(label, Descriptors.of(own));
      Files.deleteIfExists(file(label));
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      throw new ResourceException("EIO", "cannot store " + name + ": " + e.getMessage(), e);
    }
  }

  /** Keeps a connection that another supervisor has kept, and which is ours from now on. */
  public void adopt(Label label, FileDescriptor connection) {
    close(connections.put(label, new Held(connection, Instant.now())));
  }

  private void checkRoom(Label label, long size, StorePolicy policy) throws IOException {
    expire(label.service(), policy);
    long bytes = size;
    int entries = 1;
    for (Label other : labels(label.service())) {
      if (!other.equals(label)) {
        entries++;
        bytes += sizeOf(other);
      }
    }
    checkSize(bytes, policy);
    if (entries > policy.entries()) {
      throw new ResourceException(
          "ENOSPC",
          "it would be the %d. entry, and store.entries of the service is %d"
              .formatted(entries, policy.entries()),
          null);
    }
  }

  private static void checkSize(long bytes, StorePolicy policy) throws ResourceException {
    if (bytes > policy.size()) {
      throw new ResourceException(
          "ENOSPC",
          "it would be %d bytes in all, and store.size of the service is %d"
              .formatted(bytes, policy.size()),
          null);
    }
  }

  private long sizeOf(Label label) throws IOException {
    return connections.containsKey(label) ? 0 : Files.size(file(label));
  }

  // Giving back

  /** What is kept under that name, and stays so; null when there is nothing, or it has expired. */
  public @Nullable Kept restore(String service, String name, StorePolicy policy)
      throws ResourceException {
    Label label = label(service, name);
    try {
      expire(service, policy);
      Held connection = connections.get(label);
      return connection == null
          ? new Kept(FileChannel.open(file(label), StandardOpenOption.READ), null)
          : new Kept(null, connection.descriptor());
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new ResourceException("EIO", "cannot restore " + name + ": " + e.getMessage(), e);
    }
  }

  /** Keeps it no longer, if it did. */
  public void discard(String service, String name) throws ResourceException {
    remove(label(service, name));
  }

  /** Throws away what has been kept for too long. */
  public void expire(String service, StorePolicy policy) throws IOException {
    Instant oldest = Instant.now().minus(policy.expires());
    for (Label label : labels(service)) {
      Held connection = connections.get(label);
      Instant since =
          connection == null
              ? Files.getLastModifiedTime(file(label)).toInstant()
              : connection.since();
      if (since.isBefore(oldest)) {
        remove(label);
      }
    }
  }

  private void remove(Label label) {
    close(connections.remove(label));
    remove(file(label));
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(Store.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove " + file + ": " + e.getMessage());
    }
  }

  private static void close(@Nullable Held connection) {
    if (connection != null) {
      Descriptors.close(connection.descriptor()); // no shutdown: a worker may be using it
    }
  }

  private List<Label> labels(String service) throws IOException {
    return Stream.concat(connections.keySet().stream(), Label.in(directory).stream())
        .filter(label -> label.service().equals(service))
        .toList();
  }

  // What is there

  /** The connections; they stay ours. */
  public ImmutableMap<Label, FileDescriptor> connections() {
    ImmutableMap.Builder<Label, FileDescriptor> all = ImmutableMap.builder();
    connections.forEach((label, held) -> all.put(label, held.descriptor()));
    return all.buildOrThrow();
  }

  /** Lets go of the connections. What is kept in files stays, for the next supervisor. */
  @Override
  public void close() {
    connections.values().forEach(Store::close);
    connections.clear();
  }

  /** Removes the files. Only at the end of everything. */
  void removeAll() throws IOException {
    RunDirectory.removeFolder(directory);
  }
}
