package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many connections wait to be accepted at each listening socket of this host, by the kernel.
 */
public final class AcceptQueues {
  private static final String LISTEN = "0A";

  private final Map<Integer, Integer> ports = new HashMap<>();
  private final Map<String, Integer> paths = new HashMap<>();

  private AcceptQueues() {}

  /** Looks at them all, at this moment. */
  public static AcceptQueues read() {
    AcceptQueues queues = new AcceptQueues();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      read(table, queues::addListening);
    }
    read("/proc/net/unix", queues::addUnaccepted);
    return queues;
  }

  /** At a port, where several sockets are added up, or at a path. */
  public int length(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? ports.getOrDefault(inet.getPort(), 0)
        : paths.getOrDefault(((UnixDomainSocketAddress) address).getPath().toString(), 0);
  }

  /** The same for what clients know. A datagram socket has none: 0. */
  public int length(Address address) {
    return switch (address.kind()) {
      case TCP -> ports.getOrDefault(address.port(), 0);
      case UNIX -> paths.getOrDefault(address.path(), 0);
      case UDP -> 0;
    };
  }

  /** Takes a row and says whether the next ones can matter. */
  private interface Rows {
    boolean add(String row);
  }

  private static void read(String table, Rows rows) {
    try (BufferedReader reader = Files.newBufferedReader(Path.of(table))) {
      reader.readLine(); // the headings
      String row = reader.readLine();
      while (row != null && rows.add(row)) {
        row = reader.readLine();
      }
    } catch (IOException e) {
      // No such family on this host.
    }
  }

  private boolean addListening(String row) {
    // sl local_address rem_address st tx_queue:rx_queue …; in a listening socket rx is the queue.
    String[] columns = row.trim().split("\\s+", 6);
    if (!columns[3].equals(LISTEN)) {
      return false; // the kernel lists listening sockets first; of the others there may be
      // thousands
    }
    int port = Integer.parseInt(columns[1].substring(columns[1].lastIndexOf(':') + 1), 16);
    int waiting = Integer.parseInt(columns[4].substring(columns[4].indexOf(':') + 1), 16);
    ports.merge(port, waiting, Integer::sum);
    return true;
  }

  private boolean addUnaccepted(String row) {
    // Num RefCount Protocol Flags Type St Inode Path; without an inode until it is accepted, when
    // it has the path of the socket that was connected to.
    String[] columns = row.trim().split("\\s+", 8);
    if (columns.length == 8 && columns[6].equals("0")) {
      paths.merge(columns[7], 1, Integer::sum);
    }
    return true;
  }
}
