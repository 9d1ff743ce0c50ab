package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Puts a compressed file in the place of a plain one, so that there is a whole one at any instant.
 */
final class Compression {
  private static final int BUFFER_BYTES = 64 * 1024;

  private Compression() {}

  static Path compress(Path plain) throws IOException {
    Path unfinished = plain.resolveSibling(plain.getFileName() + LogArchive.UNFINISHED);
    Path packed = plain.resolveSibling(plain.getFileName() + LogArchive.COMPRESSED);
    Files.deleteIfExists(unfinished);
    try {
      pack(plain, unfinished);
      Files.move(unfinished, packed, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
    syncDirectory(plain.resolveSibling(""));
    Files.delete(plain);
    return packed;
  }

  private static void pack(Path plain, Path packed) throws IOException {
    PosixFileAttributes is = Files.readAttributes(plain, PosixFileAttributes.class, NOFOLLOW_LINKS);
    try (InputStream in = Files.newInputStream(plain, NOFOLLOW_LINKS);
        FileChannel file =
            FileChannel.open(packed, Set.of(CREATE_NEW, WRITE), Mode.of("rw-------"));
        GZIPOutputStream out = new GZIPOutputStream(Channels.newOutputStream(file), BUFFER_BYTES)) {
      long copied = copy(in, out);
      if (copied != Files.size(plain)) {
        throw new IOException("somebody still writes to it");
      }
      out.finish();
      Files.setPosixFilePermissions(packed, is.permissions());
      Files.setLastModifiedTime(packed, is.lastModifiedTime());
      file.force(true);
    }
  }

  private static long copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    int n;
    while ((n = in.read(buffer)) >= 0) {
      out.write(buffer, 0, n);
      copied += n;
    }
    return copied;
  }

  /** The new name must be on the disk before the old one goes. */
  private static void syncDirectory(Path directory) {
    try (FileChannel opened = FileChannel.open(directory, READ)) {
      opened.force(true);
    } catch (IOException e) {
      // Some file systems cannot; those keep the order by themselves, or nobody can.
    }
  }
}
