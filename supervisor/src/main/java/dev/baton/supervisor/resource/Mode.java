package dev.baton.supervisor.resource;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Who may do what with a file from the moment it is made. */
final class Mode {
  private Mode() {}

  /** In the form of {@code ls}, such as {@code rwx------}. */
  static FileAttribute<Set<PosixFilePermission>> of(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
