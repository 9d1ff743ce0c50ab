package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is held at one address for a service, however its workers come and go. */
final class Listener implements Closeable {
  private final Family family;
  private final Group group;
  private final @Nullable UnixPath path;
  private final Path ownDirectory;

  // Mutable state
  private ListenerConfig config;
  private Owner owner;

  /**
   * Whose it is.
   *
   * @param configured false for one that was opened because a worker bound it
   */
  record Owner(String service, boolean configured) {}

  private Listener(
      ListenerConfig config, Family family, Group group, @Nullable UnixPath path, Opening how) {
    this.config = config;
    this.family = family;
    this.group = group;
    this.path = path;
    this.owner = how.owner();
    this.ownDirectory = how.ownDirectory();
  }

  /**
   * For whom and from where a listener is opened.
   *
   * @param ownDirectory where nobody but us can change anything
   */
  record Opening(Owner owner, Path ownDirectory) {}

  static Listener open(ListenerConfig config, Family family, Opening how) throws ResourceException {
    try {
      checkPossible(config, family);
      return config.address().isUnix()
          ? openPath(config, family, how)
          : new Listener(config, family, openPort(config, family), null, how);
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      throw BindErrors.explain(config, e);
    }
  }

  /**
   * One that was held by another supervisor.
   *
   * @param slot whose worker had it
   * @param socket becomes the listener's; stays the caller's when this throws
   */
  static Listener reclaim(ListenerConfig config, int slot, Socket socket, Opening how)
      throws ResourceException {
    try {
      Family family = socket.family();
      Group group =
          config.reusePort()
              ? Group.oneEachWith(
                  slot,
                  socket,
                  backlog -> Socket.atPort(variant(config, backlog, true), family),
                  config.backlog())
              : Group.sharedByAll(socket, config.backlog());
      UnixPath path =
          config.address().isUnix() ? UnixPath.again(Path.of(config.address().path())) : null;
      return new Listener(config, family, group, path, how);
    } catch (IOException e) {
      throw BindErrors.explain(config, e);
    }
  }

  /** Takes one more socket back; false when there is one already. */
  boolean reclaim(int slot, Socket socket) {
    return group.take(slot, socket);
  }

  private static void checkPossible(ListenerConfig config, Family family) throws ResourceException {
    Address address = config.address();
    boolean ipv6 = address.host().contains(":");
    if (ipv6 && family == Family.INET) {
      throw BindErrors.refused("EAFNOSUPPORT", config, "an IPv6 address needs an IPv6 socket");
    }
    if (config.v6only() && (family == Family.INET || !(ipv6 || address.host().equals("*")))) {
      throw BindErrors.refused(
          "EINVAL", config, "v6only is for IPv6 addresses and *, on hosts that have IPv6");
    }
    if (config.reusePort() && address.isUnix()) {
      throw BindErrors.refused("EINVAL", config, "a unix socket has no port to reuse");
    }
    if (!address.isUnix() && !(config.mode().isEmpty() && config.owner().isEmpty())) {
      throw BindErrors.refused("EINVAL", config, "mode and owner are for unix sockets only");
    }
  }

  private static Group openPort(ListenerConfig config, Family family) throws IOException {
    if (!config.reusePort()) {
      return Group.sharedByAll(Socket.atPort(config, family), config.backlog());
    }
    // Another process of our user that reuses the port too would not be in the way, and would take
    // its share of our clients. A socket that does not reuse it finds out.
    Socket.atPort(variant(config, config.backlog(), false), family).close();
    return Group.oneEach(
        backlog -> Socket.atPort(variant(config, backlog, true), family), config.backlog());
  }

  private static ListenerConfig variant(ListenerConfig of, int backlog, boolean reusePort) {
    return new ListenerConfig(of.name(), of.address(), backlog, of.v6only(), reusePort, "", "");
  }

  private static Listener openPath(ListenerConfig config, Family family, Opening how)
      throws IOException {
    Access access = Access.wanted(config);
    Path path = Path.of(config.address().path());
    UnixPath.makeFree(config);
    Socket socket = Socket.atPath(path);
    UnixPath kept = null;
    try {
      kept = UnixPath.keep(path);
      // Before it listens: until then nobody can connect, whatever rights bind(2) left.
      access.apply(path, how.ownDirectory());
      socket.listen(config.backlog());
      return new Listener(config, family, Group.sharedByAll(socket, config.backlog()), kept, how);
    } catch (IOException | RuntimeException e) {
      Closing.after(e, kept == null ? null : kept::remove, socket);
      throw e;
    }
  }

  Address address() {
    return config.address();
  }

  ListenerConfig config() {
    return config;
  }

  Owner owner() {
    return owner;
  }

  Family family() {
    return family;
  }

  /** The one that all slots share, or any. */
  FileDescriptor socket() {
    return group.all().get(0).descriptor();
  }

  /** What the kernel calls its sockets. */
  List<String> targets() {
    return group.all().stream().map(Socket::target).toList();
  }

  int sockets() {
    return group.size();
  }

  /** What the worker of a slot accepts from. */
  FileDescriptor descriptor(int slot) throws ResourceException {
    try {
      return group.of(slot).descriptor();
    } catch (IOException e) {
      throw BindErrors.explain(config, e);
    }
  }

  void closeSlot(int slot) throws IOException {
    group.closeSlot(slot);
  }

  /** Remembers how it is now, to make it so again. */
  Closeable remember() throws IOException {
    restorePath();
    Owner ownerNow = owner;
    ListenerConfig configNow = config;
    Access accessNow = path == null ? null : Access.of(path.path(), config);
    return () -> apply(ownerNow, configNow, accessNow);
  }

  /** Gives the very same sockets other options, as far as that is possible while they are held. */
  void change(Owner newOwner, ListenerConfig wanted) throws ResourceException {
    try {
      checkPossible(wanted, family);
      checkFixed("v6only", config.v6only(), wanted.v6only());
      checkFixed("reuse-port", config.reusePort(), wanted.reusePort());
      apply(newOwner, wanted, path == null ? null : Access.wanted(wanted));
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      throw BindErrors.explain(wanted, e);
    }
  }

  private void checkFixed(String option, boolean is, boolean wanted) throws ResourceException {
    if (is != wanted) {
      throw BindErrors.refused(
          "EBUSY",
          config,
          "it is held with "
              + option
              + " = "
              + is
              + ", which cannot change while it is; give it another address, or stop service "
              + owner.service()
              + " first");
    }
  }

  private void apply(Owner newOwner, ListenerConfig wanted, @Nullable Access access)
      throws IOException {
    restorePath();
    if (access != null && path != null) {
      access.apply(path.path(), ownDirectory);
    }
    group.changeBacklog(wanted.backlog());
    owner = newOwner;
    config = wanted;
  }

  /** An application may have removed "its" path before it bound: puts it back. */
  void restorePath() throws IOException {
    if (path != null) {
      path.restore();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (path != null) {
        path.remove();
      }
    } finally {
      group.close();
    }
  }
}
