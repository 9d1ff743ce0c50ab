package dev.baton.supervisor.resource;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one generation while it is filled: files and directories as the originals are, each
 * under its real path. Links become what they lead to.
 */
final class ArtifactCopy {
  // Far above any artifact; reached by who names a directory of data or the whole host.
  private static final long MOST_BYTES = 4L << 30;
  private static final int MOST_FILES = 100_000;

  private static final String WHAT_TO_DO =
      "name only what the service runs on, or switch staging off";

  private final Path folder;
  private final Path stateDirectory;

  // Mutable state
  private final Set<Path> jarsSeen = new HashSet<>();
  private int files;
  private long bytes;

  /**
   * @param folder does not exist, or is empty
   * @param stateDirectory never copied, wherever it lies
   */
  ArtifactCopy(Path folder, Path stateDirectory) {
    this.folder = folder;
    this.stateDirectory = stateDirectory;
  }

  /** How many files have been copied; directories do not count. */
  int files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  /** Where the copy of this original is or will be. */
  Path placeOf(Path original) throws IOException {
    Path real = original.toRealPath();
    return folder.resolve(Path.of("/").relativize(real));
  }

  /** Copies a file, or a directory with everything in it. */
  Path copy(Path original) throws IOException {
    Path real = original.toRealPath();
    if (real.getParent() == null) {
      throw new ResourceException("EINVAL", original + " is the whole host; " + WHAT_TO_DO, null);
    }
    if (Files.isDirectory(real)) {
      copyTree(real);
    } else {
      mirror(real.getParent());
      copyFile(real, placeOf(real));
    }
    return placeOf(real);
  }

  /** Copies a jar and what its manifest refers to, and so on. */
  Path copyJar(Path original) throws IOException {
    Path real = original.toRealPath();
    Path copied = copy(real);
    if (jarsSeen.add(real)) {
      for (Path next : JarManifest.classPath(copied, real)) {
        if (Files.isRegularFile(next)) {
          copyJar(next);
        } else if (Files.isDirectory(next)) {
          copy(next);
        } // a class path may name what does not exist
      }
    }
    return copied;
  }

  /** Makes the copy of a file also reachable as its link is: the JVM resolves it as before. */
  void copyLink(Path link, Path copied) throws IOException {
    Path place = mirror(link.toAbsolutePath().getParent()).resolve(link.getFileName());
    if (!Files.exists(place)) {
      Files.createSymbolicLink(place, copied);
    }
  }

  private void copyTree(Path top) throws IOException {
    Path root = placeOf(top);
    mirror(top);
    Set<FileVisitOption> links = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
    Files.walkFileTree(
        top,
        links,
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            if (Files.isSameFile(from, stateDirectory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            createLike(from, root.resolve(top.relativize(from)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) { // no pipe, socket or device
              copyFile(from, root.resolve(top.relativize(from)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void copyFile(Path from, Path to) throws IOException {
    BasicFileAttributes before = Files.readAttributes(from, BasicFileAttributes.class);
    if (Files.exists(to)) {
      return; // named twice
    }
    if (bytes + before.size() > MOST_BYTES || files >= MOST_FILES) {
      throw new ResourceException(
          "EFBIG",
          "more than "
              + (MOST_BYTES >> 30)
              + " GiB or "
              + MOST_FILES
              + " files, at "
              + from
              + "; "
              + WHAT_TO_DO,
          null);
    }
    Files.copy(from, to, COPY_ATTRIBUTES);
    BasicFileAttributes after = Files.readAttributes(from, BasicFileAttributes.class);
    if (after.size() != before.size()
        || !after.lastModifiedTime().equals(before.lastModifiedTime())) {
      throw new ResourceException(
          "EAGAIN", from + " changed while it was copied; restart when it is complete", null);
    }
    files++;
    bytes += before.size();
  }

  /** The copy of a directory, without what is in it. */
  private Path mirror(@Nullable Path original) throws IOException {
    if (original == null || original.getParent() == null) {
      return Files.createDirectories(folder);
    }
    mirror(original.getParent());
    return createLike(original, folder.resolve(Path.of("/").relativize(original)));
  }

  private static Path createLike(Path original, Path copy) throws IOException {
    if (Files.isDirectory(copy)) {
      return copy;
    }
    Files.createDirectory(copy);
    PosixFileAttributes is = Files.readAttributes(original, PosixFileAttributes.class);
    Set<PosixFilePermission> permissions = EnumSet.copyOf(is.permissions());
    // Ours to fill and to remove, and nobody's to put something into.
    permissions.addAll(
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
    permissions.remove(PosixFilePermission.GROUP_WRITE);
    permissions.remove(PosixFilePermission.OTHERS_WRITE);
    PosixFileAttributeView view = Files.getFileAttributeView(copy, PosixFileAttributeView.class);
    view.setPermissions(permissions);
    if (RunDirectory.uid() == 0) {
      view.setOwner(is.owner());
      view.setGroup(is.group());
    }
    return copy;
  }
}
