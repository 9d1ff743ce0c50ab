package dev.baton.supervisor.resource;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Sockets;
import dev.baton.supervisor.config.StorePolicy;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What workers have had kept for those that come after them. Bytes are files in the run directory,
 * so they outlive us; connections are descriptors that we hold.
 *
 * <p>On the loop, but for {@link #copy}.
 */
public final class Store implements Closeable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  /** Of a copy that is being made; no name ends so. */
  private static final String UNFINISHED = ".new";

  private final Path directory;
  private final AtomicLong copies = new AtomicLong();
  private final Map<String, Held> connections = new LinkedHashMap<>();

  /** A connection that is kept. */
  private record Held(FileDescriptor descriptor, Instant since) {}

  /** Something that was kept: bytes, which the caller closes, or a connection, which stays ours. */
  public record Kept(@Nullable FileChannel bytes, @Nullable FileDescriptor connection) {}

  /** Keeps bytes in that directory, which is made when it is needed. */
  public Store(Path directory) {
    this.directory = directory;
  }

  /** A service's name has no dot in it. */
  private static String key(String service, String name) throws ResourceException {
    if (!NAME.matcher(name).matches()) {
      throw new ResourceException("EINVAL", "'" + name + "' is no name for what is stored", null);
    }
    return service + "." + name;
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
    String key = key(service, name);
    int number = Descriptors.number(bytes);
    if (Descriptors.file(number).isEmpty()) {
      throw new ResourceException("EINVAL", "what is to be stored is no file", null);
    }
    Path unfinished = directory.resolve(key + "." + copies.incrementAndGet() + UNFINISHED);
    try {
      Path source = Descriptors.link(number);
      checkSize(Files.size(source), policy);
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
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
      String key = key(service, name);
      checkRoom(service, key, Files.size(copy), policy);
      Files.move(copy, directory.resolve(key), StandardCopyOption.ATOMIC_MOVE);
      close(connections.remove(key));
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
    String key = key(service, name);
    try {
      if (!Sockets.isStream(connection) || Sockets.isListening(connection)) {
        throw new ResourceException("EINVAL", "what is to be stored is no connection", null);
      }
      checkRoom(service, key, 0, policy);
      resume(service, name, connection);
      Files.deleteIfExists(directory.resolve(key));
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      throw new ResourceException("EIO", "cannot store " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Keeps a connection that another supervisor has kept.
   *
   * @param connection stays the caller's
   */
  public void resume(String service, String name, FileDescriptor connection) throws IOException {
    int own = Descriptors.duplicate(Descriptors.number(connection));
    close(connections.put(key(service, name), new Held(Descriptors.of(own), Instant.now())));
  }

  private void checkRoom(String service, String key, long size, StorePolicy policy)
      throws IOException {
    expire(service, policy);
    long bytes = size;
    int entries = 1;
    for (String other : keys(service)) {
      if (!other.equals(key)) {
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

  private long sizeOf(String key) throws IOException {
    return connections.containsKey(key) ? 0 : Files.size(directory.resolve(key));
  }

  // Giving back

  /** What is kept under that name, and stays so; null when there is nothing, or it has expired. */
  public @Nullable Kept restore(String service, String name, StorePolicy policy)
      throws ResourceException {
    String key = key(service, name);
    try {
      expire(service, policy);
      Held connection = connections.get(key);
      return connection == null
          ? new Kept(FileChannel.open(directory.resolve(key), StandardOpenOption.READ), null)
          : new Kept(null, connection.descriptor());
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new ResourceException("EIO", "cannot restore " + name + ": " + e.getMessage(), e);
    }
  }

  /** Keeps it no longer, if it did. */
  public void discard(String service, String name) throws ResourceException {
    remove(key(service, name));
  }

  /** Throws away what has been kept for too long. */
  public void expire(String service, StorePolicy policy) throws IOException {
    Instant oldest = Instant.now().minus(policy.expires());
    for (String key : keys(service)) {
      Held connection = connections.get(key);
      Instant since =
          connection == null
              ? Files.getLastModifiedTime(directory.resolve(key)).toInstant()
              : connection.since();
      if (since.isBefore(oldest)) {
        remove(key);
      }
    }
  }

  private void remove(String key) {
    close(connections.remove(key));
    remove(directory.resolve(key));
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

  private ImmutableList<String> keys(String service) throws IOException {
    ImmutableList.Builder<String> keys = ImmutableList.builder();
    connections.keySet().stream().filter(key -> key.startsWith(service + ".")).forEach(keys::add);
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, service + ".*")) {
        for (Path file : all) {
          String key = file.getFileName().toString();
          if (!key.endsWith(UNFINISHED)) {
            keys.add(key);
          }
        }
      }
    }
    return keys.build();
  }

  // What is there

  /** The connections, by {@code SERVICE.NAME}; they stay ours. */
  public ImmutableMap<String, FileDescriptor> connections() {
    ImmutableMap.Builder<String, FileDescriptor> all = ImmutableMap.builder();
    connections.forEach((key, held) -> all.put(key, held.descriptor()));
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
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
        all.forEach(Store::remove);
      }
      Files.deleteIfExists(directory);
    }
  }
}
