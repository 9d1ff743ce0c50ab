package dev.baton.supervisor.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Finds out whether a folder that was filled before holds just what a new one would. Reads every
 * byte: neither size nor time of a file tells what is in it.
 */
final class Comparing implements Placing {
  /** It does not. Thrown often, and of no interest to anybody: without a trace. */
  static final class DifferentException extends IOException {
    private static final long serialVersionUID = 1L;

    private DifferentException(Path place) {
      super(place + " is different");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  @Override
  public void directory(Path original, Path place) throws IOException {
    check(Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS), place);
    PosixFileAttributes is = attributes(original);
    PosixFileAttributes was = attributes(place);
    check(was.permissions().equals(Copying.permissionsOfCopy(is)) && areOfOne(is, was), place);
  }

  @Override
  public void file(Path original, Path place) throws IOException {
    check(Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS), place);
    PosixFileAttributes is = attributes(original);
    PosixFileAttributes was = attributes(place);
    check(is.size() == was.size(), place);
    check(was.permissions().equals(is.permissions()) && areOfOne(is, was), place);
    check(Files.mismatch(original, place) < 0, place);
  }

  @Override
  public void link(Path place, Path target) throws IOException {
    check(Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(target), place);
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class);
  }

  /** Who is not root copies what is somebody else's as his own. */
  private static boolean areOfOne(PosixFileAttributes is, PosixFileAttributes was)
      throws IOException {
    return RunDirectory.uid() != 0
        || (is.owner().equals(was.owner()) && is.group().equals(was.group()));
  }

  private static void check(boolean same, Path place) throws DifferentException {
    if (!same) {
      throw new DifferentException(place);
    }
  }
}
