package dev.baton.supervisor.config;

/**
 * A listener that is opened before the first worker of its service starts, and which every worker
 * has to bind.
 *
 * @param name how messages and the SDK call it
 * @param backlog the length of its accept queue; the kernel may allow less
 * @param v6only whether a socket of every IPv6 address leaves IPv4 alone
 * @param reusePort a group of one socket for each slot, among which the kernel spreads connections
 * @param mode of a unix path, in octal digits; empty for what the umask leaves
 * @param owner of a unix path, {@code USER}, {@code USER:GROUP} or {@code :GROUP}; empty for ours
 */
public record ListenerConfig(
    String name,
    Address address,
    int backlog,
    boolean v6only,
    boolean reusePort,
    String mode,
    String owner) {

  /** Long enough for a burst while a JVM stalls in a collection; the kernel may allow less. */
  public static final int DEFAULT_BACKLOG = 4096;

  /** As a command line names it: by its address alone. */
  public static ListenerConfig of(Address address, int backlog) {
    return new ListenerConfig(address.toString(), address, backlog, false, false, "", "");
  }
}
