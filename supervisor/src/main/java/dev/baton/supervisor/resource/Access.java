package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.baton.supervisor.config.ListenerConfig;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect to a unix socket: mode and owner of its path, each null to leave it as it is.
 *
 * @param listener whose they are
 */
record Access(
    ListenerConfig listener,
    @Nullable Integer mode,
    @Nullable UserPrincipal user,
    @Nullable GroupPrincipal group) {
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
  private static final Pattern OWNER = Pattern.compile("(?<user>[^:]*)(?::(?<group>[^:]+))?");
  private static final int PERMISSIONS = 07777;
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final int STICKY = 01000;

  /** What a listener is to have; refuses users and groups that this host does not know. */
  static Access wanted(ListenerConfig listener) throws IOException {
    Matcher owner = OWNER.matcher(listener.owner());
    if (!listener.mode().isEmpty() && !MODE.matcher(listener.mode()).matches()) {
      throw BindErrors.refused(
          "EINVAL", listener, "its mode '" + listener.mode() + "' is no octal number such as 0660");
    }
    if (!owner.matches()) {
      throw BindErrors.refused(
          "EINVAL",
          listener,
          "its owner '" + listener.owner() + "' is none of USER, USER:GROUP and :GROUP");
    }
    return new Access(
        listener,
        listener.mode().isEmpty() ? null : Integer.valueOf(listener.mode(), 8),
        user(owner.group("user"), listener),
        group(owner.group("group"), listener));
  }

  /** What the path has now. */
  static Access of(Path path, ListenerConfig listener) throws IOException {
    PosixFileAttributeView view = view(path);
    return new Access(
        listener,
        mode(path) & PERMISSIONS,
        view.readAttributes().owner(),
        view.readAttributes().group());
  }

  private static @Nullable UserPrincipal user(@Nullable String name, ListenerConfig listener)
      throws IOException {
    if (name == null || name.isEmpty()) {
      return null;
    }
    try {
      return principals().lookupPrincipalByName(name);
    } catch (UserPrincipalNotFoundException e) {
      throw BindErrors.refused("EINVAL", listener, "this host has no user '" + name + "'");
    }
  }

  private static @Nullable GroupPrincipal group(@Nullable String name, ListenerConfig listener)
      throws IOException {
    if (name == null) {
      return null;
    }
    try {
      return principals().lookupPrincipalByGroupName(name);
    } catch (UserPrincipalNotFoundException e) {
      throw BindErrors.refused("EINVAL", listener, "this host has no group '" + name + "'");
    }
  }

  private static UserPrincipalLookupService principals() {
    return FileSystems.getDefault().getUserPrincipalLookupService();
  }

  /**
   * Gives them to a socket.
   *
   * @param ownDirectory where nobody but us can change anything
   */
  void apply(Path path, Path ownDirectory) throws IOException {
    if (mode == null && user == null && group == null) {
      return;
    }
    // chmod follows symbolic links, and the directory may well be the application's: a link that is
    // put in place at the right moment would open somebody else's file. Under a second name in a
    // directory of ours nothing can be exchanged any more.
    Path link = ownDirectory.resolve("access.sock");
    Files.deleteIfExists(link);
    try {
      Files.createLink(link, path);
    } catch (IOException e) {
      // Another file system, most likely.
      checkNobodyInterferes(path);
      set(path);
      return;
    }
    try {
      set(link);
    } finally {
      Files.deleteIfExists(link);
    }
  }

  private void checkNobodyInterferes(Path path) throws IOException {
    Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent()).toRealPath();
    boolean changeable = (mode(directory) & WRITABLE_BY_OTHERS) != 0;
    boolean sticky = (mode(directory) & STICKY) != 0 && isOursOrRoots(path);
    if (!isOursOrRoots(directory) || (changeable && !sticky)) {
      throw BindErrors.refused(
          "EACCES",
          listener,
          "mode and owner cannot be set safely, because others may change "
              + directory
              + "; choose a directory that belongs to the supervisor's user");
    }
  }

  private static boolean isOursOrRoots(Path path) throws IOException {
    int uid = (int) Files.getAttribute(path, "unix:uid", NOFOLLOW_LINKS);
    return uid == 0 || uid == RunDirectory.uid();
  }

  private void set(Path name) throws IOException {
    if (!UnixPath.isSocket(name)) {
      throw BindErrors.refused("EADDRINUSE", listener, "somebody has replaced the socket");
    }
    if (mode != null) {
      Files.setAttribute(name, "unix:mode", mode);
    }
    try {
      if (user != null) {
        view(name).setOwner(user);
      }
      if (group != null) {
        view(name).setGroup(group);
      }
    } catch (IOException e) {
      throw BindErrors.refused(
          "EPERM",
          listener,
          "only root may give the socket to "
              + listener.owner()
              + "; leave the owner out or run the supervisor as root");
    }
  }

  private static PosixFileAttributeView view(Path path) {
    return Objects.requireNonNull(
        Files.getFileAttributeView(path, PosixFileAttributeView.class, NOFOLLOW_LINKS));
  }

  private static int mode(Path path) throws IOException {
    Map<String, Object> is = Files.readAttributes(path, "unix:mode", NOFOLLOW_LINKS);
    return is.get("mode") instanceof Integer mode ? mode : 0;
  }
}
