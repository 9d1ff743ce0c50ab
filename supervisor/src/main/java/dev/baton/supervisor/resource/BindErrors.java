package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ListenerConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says why there is no listener at an address, and what to do about it. */
final class BindErrors {
  private BindErrors() {}

  /** The listener as an operator knows it: its address, after its name if it was given one. */
  static String label(ListenerConfig listener) {
    String address = listener.address().toString();
    return listener.name().equals(address) ? address : listener.name() + " (" + address + ")";
  }

  static ResourceException refused(String errno, ListenerConfig listener, String why) {
    return refused(errno, listener, why, null);
  }

  static ResourceException refused(
      String errno, ListenerConfig listener, String why, @Nullable Throwable cause) {
    return new ResourceException(errno, "cannot listen on " + label(listener) + ": " + why, cause);
  }

  /** An exception of the JDK has the kernel's words and nothing else to know it by. */
  static ResourceException explain(ListenerConfig listener, IOException e) {
    String text = String.valueOf(e.getMessage());
    Address address = listener.address();
    if (text.contains("in use")) {
      return refused(
          "EADDRINUSE",
          listener,
          "another process has it (see: ss -ltnp); stop it or choose another address",
          e);
    }
    if (text.contains("ermission denied")) {
      String advice =
          address.isUnix()
              ? "check the owner and mode of " + Path.of(address.path()).getParent()
              : "ports below 1024 need root or CAP_NET_BIND_SERVICE for the supervisor";
      return refused("EACCES", listener, "permission denied; " + advice, e);
    }
    if (text.contains("assign requested address")) {
      return refused("EADDRNOTAVAIL", listener, "this host has no such address (see: ip addr)", e);
    }
    if (text.contains("No such file")) {
      String directory = String.valueOf(Path.of(address.path()).getParent());
      return refused(
          "ENOENT", listener, "there is no directory " + directory + "; create it first", e);
    }
    return refused("EIO", listener, text, e);
  }
}
