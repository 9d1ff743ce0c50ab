package dev.baton.supervisor.process;

import com.google.common.net.InetAddresses;
import dev.baton.supervisor.resource.AcceptQueues;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sockets a process has, as the kernel knows them: with whom it speaks, and what is on the way
 * in either direction. How old a connection is the kernel does not keep.
 */
public final class OpenConnections {
  /** Lines that are of use to somebody. */
  private static final int MOST = 1000;

  /** By the number the kernel shows, from 1. */
  private static final List<String> STATES =
      List.of(
          "established",
          "syn-sent",
          "syn-received",
          "fin-wait-1",
          "fin-wait-2",
          "time-wait",
          "closed",
          "close-wait",
          "last-ack",
          "listening",
          "closing",
          "syn-received");

  private static final String SOCKET = "socket:[";

  // Columns of /proc/PID/net/tcp: sl local remote st tx:rx tr:when retransmits uid timeout inode
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int QUEUES = 4;
  private static final int RETRANSMITS = 6;
  private static final int INODE = 9;
  private static final int COLUMNS = 11;

  // Columns of /proc/PID/net/unix: num refcount protocol flags type st inode path
  private static final int UNIX_STATE = 5;
  private static final int UNIX_INODE = 6;
  private static final int UNIX_COLUMNS = 8;

  private final Set<String> inodes;
  private final List<String> lines = new ArrayList<>();
  private int more;

  private OpenConnections(Set<String> inodes) {
    this.inodes = inodes;
  }

  /** A line for each socket, at this moment; none when the process is not ours to look into. */
  public static List<String> of(long pid) {
    Set<String> inodes = new HashSet<>();
    for (String target : DescriptorScan.of(pid).values()) {
      if (target.startsWith(SOCKET)) {
        inodes.add(target.substring(SOCKET.length(), target.length() - 1));
      }
    }
    OpenConnections found = new OpenConnections(inodes);
    Path net = Path.of("/proc/" + pid + "/net");
    found.read(net.resolve("tcp"), found::addTcp);
    found.read(net.resolve("tcp6"), found::addTcp);
    found.read(net.resolve("unix"), found::addUnix);
    if (found.more > 0) {
      found.lines.add("... and " + found.more + " more");
    }
    return found.lines;
  }

  /** Takes a row. */
  private interface Rows {
    void add(String row);
  }

  private void read(Path table, Rows rows) {
    try (BufferedReader reader = Files.newBufferedReader(table, StandardCharsets.ISO_8859_1)) {
      reader.readLine(); // the headings
      for (String row = reader.readLine(); row != null; row = reader.readLine()) {
        rows.add(row);
      }
    } catch (IOException e) {
      // No such family on this host, or the process has ended.
    }
  }

  private void addTcp(String row) {
    String[] columns = row.trim().split("\\s+", COLUMNS);
    if (columns.length > INODE && inodes.contains(columns[INODE])) {
      int state = Integer.parseInt(columns[STATE], 16);
      long retransmits = Long.parseLong(columns[RETRANSMITS], 16);
      int colon = columns[QUEUES].indexOf(':');
      add(
          String.format(
              "tcp  %-12s %-24s %-24s to send %d, to read %d%s",
              state >= 1 && state <= STATES.size() ? STATES.get(state - 1) : "state " + state,
              text(columns[LOCAL]),
              text(columns[REMOTE]),
              Long.parseLong(columns[QUEUES].substring(0, colon), 16),
              Long.parseLong(columns[QUEUES].substring(colon + 1), 16),
              retransmits == 0 ? "" : ", sent again " + retransmits + " times"));
    }
  }

  private static String text(String column) {
    InetSocketAddress address = AcceptQueues.address(column);
    return InetAddresses.toUriString(address.getAddress()) + ":" + address.getPort();
  }

  private void addUnix(String row) {
    String[] columns = row.trim().split("\\s+", UNIX_COLUMNS);
    if (columns.length > UNIX_INODE && inodes.contains(columns[UNIX_INODE])) {
      String path = columns.length == UNIX_COLUMNS ? columns[UNIX_COLUMNS - 1] : "(no path)";
      boolean connected = columns[UNIX_STATE].equals("03");
      add(String.format("unix %-12s %s", connected ? "established" : "unconnected", path));
    }
  }

  private void add(String line) {
    if (lines.size() < MOST) {
      lines.add(line);
    } else {
      more++;
    }
  }
}
