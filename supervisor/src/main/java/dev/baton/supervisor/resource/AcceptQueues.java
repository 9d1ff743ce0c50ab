package dev.baton.supervisor.resource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many connections wait in the accept queue of each listening TCP port, by the kernel. */
public final class AcceptQueues {
  private static final String LISTEN = "0A";

  private AcceptQueues() {}

  /** The lengths by port; several sockets of one port are added up. */
  public static Map<Integer, Integer> read() {
    Map<Integer, Integer> lengths = new HashMap<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try (BufferedReader rows = Files.newBufferedReader(Path.of(table))) {
        rows.readLine(); // the headings
        readListening(rows, lengths);
      } catch (IOException e) {
        // No such family on this host.
      }
    }
    return lengths;
  }

  private static void readListening(BufferedReader rows, Map<Integer, Integer> lengths)
      throws IOException {
    // sl local_address rem_address st tx_queue:rx_queue …; in a listening socket rx is the queue.
    for (String row = rows.readLine(); row != null; row = rows.readLine()) {
      String[] columns = row.trim().split("\\s+", 6);
      if (!columns[3].equals(LISTEN)) {
        return; // the kernel lists listening sockets first; of the others there may be thousands
      }
      int port = Integer.parseInt(columns[1].substring(columns[1].lastIndexOf(':') + 1), 16);
      int waiting = Integer.parseInt(columns[4].substring(columns[4].indexOf(':') + 1), 16);
      lengths.merge(port, waiting, Integer::sum);
    }
  }
}
