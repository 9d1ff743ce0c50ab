package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files whose locks are the leases of workers. We only make and pass them: who has a lease is
 * the kernel's knowledge, and it outlives us. So a file stays where it is as long as a worker may
 * have it.
 */
public final class Leases {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

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
    if (!NAME.matcher(name).matches()) {
      throw new ResourceException("EINVAL", "'" + name + "' is no name of a lease", null);
    }
    Path file = file(service, name);
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
    Files.createDirectories(directory, access("rwx------"));
    if (names().size() >= MOST) {
      throw new ResourceException("ENOSPC", "there are " + MOST + " leases already", null);
    }
    try {
      Files.createFile(file, access("rw-------"));
    } catch (FileAlreadyExistsException e) {
      // A supervisor that is about to take over has made it.
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> access(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  /** The file of a lease; a name has no dot in it. */
  private Path file(String service, String name) {
    return directory.resolve(service + "." + name);
  }

  /** All there are, as {@code SERVICE.NAME}. */
  public ImmutableList<String> names() throws IOException {
    if (!Files.isDirectory(directory)) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<String> names = ImmutableList.builder();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      all.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names.build();
  }

  /** Where a lease's file is. */
  public Path path(String fullName) {
    return directory.resolve(fullName);
  }

  /** Removes them. Only when no worker lives any more. */
  void remove() throws IOException {
    for (String name : names()) {
      Files.deleteIfExists(path(name));
    }
    Files.deleteIfExists(directory);
  }
}
