package dev.baton.supervisor.resource;

import com.google.common.net.InetAddresses;
import dev.baton.supervisor.config.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  private final Map<InetSocketAddress, Integer> ports = new HashMap<>();
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

  /** At exactly that address, where the sockets of a group are added up, or at a path. */
  public int length(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? ports.getOrDefault(inet, 0)
        : paths.getOrDefault(((UnixDomainSocketAddress) address).getPath().toString(), 0);
  }

  /** The same for what clients know. A datagram socket has none: 0. */
  public int length(Address address) {
    return switch (address.kind()) {
      case TCP -> atPort(address.host(), address.port());
      case UNIX -> paths.getOrDefault(address.path(), 0);
      case UDP -> 0;
    };
  }

  private int atPort(String host, int port) {
    // Our socket for every address is of either family, as its first worker wanted it.
    return host.equals("*")
        ? atPort("::", port) + atPort("0.0.0.0", port)
        : length(new InetSocketAddress(InetAddresses.forString(host), port));
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
    int waiting = Integer.parseInt(columns[4].substring(columns[4].indexOf(':') + 1), 16);
    ports.merge(address(columns[1]), waiting, Integer::sum);
    return true;
  }

  /** From an address in words of eight digits, each as this machine keeps a number in memory. */
  public static InetSocketAddress address(String column) {
    int colon = column.indexOf(':');
    ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
    for (int word = 0; word < colon; word += 8) {
      bytes.putInt(Integer.parseUnsignedInt(column, word, word + 8, 16));
    }
    int port = Integer.parseInt(column, colon + 1, column.length(), 16);
    try {
      // An IPv4 address in an IPv6 socket becomes an IPv4 address.
      return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("neither 4 nor 16 bytes: " + column, e);
    }
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
