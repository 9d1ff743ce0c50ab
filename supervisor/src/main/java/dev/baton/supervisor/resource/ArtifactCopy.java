package dev.baton.supervisor.resource;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a launch runs on, in a folder: files and directories as the originals are, each under its
 * real path. Links become what they lead to.
 */
final class ArtifactCopy {
  // Far above any artifact; reached by who names a directory of data or the whole host.
  private static final long MOST_BYTES = 4L << 30;
  private static final int MOST_FILES = 100_000;

  private static final String WHAT_TO_DO =
      "name only what the service runs on, or switch staging off";

  private final Path folder;
  private final Path stateDirectory;
  private final Placing placing;

  // Mutable state
  private final Set<Path> placed = new HashSet<>();
  private final Set<Path> jarsSeen = new HashSet<>();
  private int files;
  private long bytes;

  /**
   * Begins.
   *
   * @param stateDirectory never copied, wherever it lies
   */
  ArtifactCopy(Path folder, Path stateDirectory, Placing placing) {
    this.folder = folder;
    this.stateDirectory = stateDirectory;
    this.placing = placing;
  }

  /** How much there is in the folder now, of every kind, if there was nothing before. */
  int places() {
    return placed.size();
  }

  /** How many files there are; directories do not count. */
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
    if (placed.add(place)) {
      placing.link(place, copied);
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
            directory(from, root.resolve(top.relativize(from)));
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
    if (!placed.add(to)) {
      return; // named twice
    }
    long size = Files.size(from);
    if (bytes + size > MOST_BYTES || files >= MOST_FILES) {
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
    placing.file(from, to);
    files++;
    bytes += size;
  }

  /** The copy of a directory, without what is in it. */
  private Path mirror(@Nullable Path original) throws IOException {
    if (original == null || original.getParent() == null) {
      return Files.createDirectories(folder);
    }
    mirror(original.getParent());
    return directory(original, folder.resolve(Path.of("/").relativize(original)));
  }

  private Path directory(Path original, Path place) throws IOException {
    if (placed.add(place)) {
      placing.directory(original, place);
    }
    return place;
  }
}
