package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The files whose locks are the leases of workers. We only make and pass them: who has a lease is
 * the kernel's knowledge, and it outlives us. So a file stays where it is as long as a worker may
 * have it.
 */
public final class Leases {
  /** Of all services. A worker that makes up names must not fill a file system in memory. */
  private static final int MOST = 1000;

  private final Path directory;

  /** Files in that directory, which is made when it is needed. */
  public Leases(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens the file of a lease for the caller to pass on and close; any worker of the service may
   * have it.
   *
   * @throws ResourceException when that is no name, there are too many, or it cannot be made
   */
  public FileChannel open(String service, String name) throws ResourceException {
    Path file = path(Label.of(service, name, "of a lease"));
    try {
      if (!Files.exists(file, NOFOLLOW_LINKS)) {
        make(file);
      }
      return FileChannel.open(
          file, StandardOpenOption.READ, StandardOpenOption.WRITE, NOFOLLOW_LINKS);
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      throw new ResourceException("EIO", "cannot open the file of a lease: " + e.getMessage(), e);
    }
  }

  private void make(Path file) throws IOException {
    Files.createDirectories(directory, Mode.of("rwx------"));
    if (all().size() >= MOST) {
      throw new ResourceException("ENOSPC", "there are " + MOST + " leases already", null);
    }
    try {
      Files.createFile(file, Mode.of("rw-------"));
    } catch (FileAlreadyExistsException e) {
      // A supervisor that is about to take over has made it.
    }
  }

  /** All there are. */
  public ImmutableList<Label> all() throws IOException {
    return Label.in(directory);
  }

  /** Where a lease's file is. */
  public Path path(Label lease) {
    return directory.resolve(lease.toString());
  }

  /** Removes them. Only when no worker lives any more. */
  void remove() throws IOException {
    RunDirectory.removeFolder(directory);
  }
}
