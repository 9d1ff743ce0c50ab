package dev.baton.supervisor.resource;

import java.net.StandardProtocolFamily;

/** The family of an internet socket, which accepted connections inherit. */
public enum Family {
  INET,
  /** Takes IPv4 clients too when it is bound to every address. */
  INET6;

  StandardProtocolFamily protocol() {
    return this == INET ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
  }
}
