package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A shared socket, held for the service however its workers come and go. */
final class Listener implements Closeable {
  private final Address address;
  private final Family family;
  private final int backlog;
  private final Socket socket;
  private final @Nullable UnixPath path;

  private Listener(
      Address address, Family family, int backlog, Socket socket, @Nullable UnixPath path) {
    this.address = address;
    this.family = family;
    this.backlog = backlog;
    this.socket = socket;
    this.path = path;
  }

  static Listener open(Address address, Family family, int backlog) throws ResourceException {
    try {
      if (!address.isUnix()) {
        return new Listener(address, family, backlog, Socket.bind(address, family, backlog), null);
      }
      Path path = Path.of(address.path());
      UnixPath.makeFree(path);
      Socket socket = Socket.bind(address, family, backlog);
      return new Listener(address, family, backlog, socket, UnixPath.keep(path));
    } catch (ResourceException e) {
      throw e;
    } catch (IOException e) {
      throw explain(address, e);
    }
  }

  private static ResourceException explain(Address address, IOException e) {
    String text = String.valueOf(e.getMessage());
    String cannot = "cannot listen on " + address + ": ";
    if (text.contains("in use")) {
      return new ResourceException(
          "EADDRINUSE",
          cannot + "another process has it (see: ss -ltnp); stop it or choose another address",
          e);
    }
    if (text.contains("ermission denied")) {
      String advice =
          address.isUnix()
              ? "check the owner and mode of " + Path.of(address.path()).getParent()
              : "ports below 1024 need root or CAP_NET_BIND_SERVICE for the supervisor";
      return new ResourceException("EACCES", cannot + "permission denied; " + advice, e);
    }
    if (text.contains("assign requested address")) {
      return new ResourceException(
          "EADDRNOTAVAIL", cannot + "this host has no such address (see: ip addr)", e);
    }
    return new ResourceException("EIO", cannot + text, e);
  }

  Address address() {
    return address;
  }

  Family family() {
    return family;
  }

  int backlog() {
    return backlog;
  }

  FileDescriptor descriptor() {
    return socket.descriptor();
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
      socket.close();
    }
  }
}
