package dev.baton.supervisor.resource;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Fills a folder that is new. */
final class Copying implements Placing {
  @Override
  public void directory(Path original, Path place) throws IOException {
    Files.createDirectory(place);
    PosixFileAttributes is = Files.readAttributes(original, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(place, PosixFileAttributeView.class);
    view.setPermissions(permissionsOfCopy(is));
    if (RunDirectory.uid() == 0) {
      view.setOwner(is.owner());
      view.setGroup(is.group());
    }
  }

  /** Ours to fill and to remove, and nobody's to put something into. */
  static Set<PosixFilePermission> permissionsOfCopy(PosixFileAttributes original) {
    Set<PosixFilePermission> permissions = EnumSet.copyOf(original.permissions());
    permissions.addAll(
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
    permissions.remove(PosixFilePermission.GROUP_WRITE);
    permissions.remove(PosixFilePermission.OTHERS_WRITE);
    return permissions;
  }

  @Override
  public void file(Path original, Path place) throws IOException {
    BasicFileAttributes before = Files.readAttributes(original, BasicFileAttributes.class);
    Files.copy(original, place, COPY_ATTRIBUTES);
    BasicFileAttributes after = Files.readAttributes(original, BasicFileAttributes.class);
    if (after.size() != before.size()
        || !after.lastModifiedTime().equals(before.lastModifiedTime())) {
      throw new ResourceException(
          "EAGAIN", original + " changed while it was copied; restart when it is complete", null);
    }
  }

  @Override
  public void link(Path place, Path target) throws IOException {
    Files.createSymbolicLink(place, target);
  }
}
