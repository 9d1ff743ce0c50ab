package dev.baton.supervisor.loop;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.jdk.Descriptors;
import dev.baton.jdk.Sockets;
import dev.baton.supervisor.process.DescriptorScan;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares what the supervisor knows of descriptors with what the kernel says. What it knows is
 * taken on the loop; the comparing takes longer, and is done elsewhere.
 */
public final class Audit {
  private static final String LEAKED = "listening at ";

  /** The owner of the supervisor's own. */
  static final String SUPERVISOR = "supervisor";

  /** What is under way is over by then: a descriptor that is there at both looks stays. */
  private static final long BETWEEN_LOOKS_MILLIS = 200;

  /** A worker has the two faces of a listener, and one of them once more in its server. */
  private static final int FACES_OF_A_LISTENER = 3;

  /** Kinds that the supervisor has open only while it does something with them. */
  private static final Set<String> OPEN_AT_TIMES = Set.of("archive", "lease");

  private final ImmutableList<Owner> owners;
  private final ImmutableMap<String, Item> items;
  private final ImmutableList<String> folders;
  private final int attached;

  /**
   * Somebody who has descriptors.
   *
   * @param service empty for the supervisor
   */
  record Owner(String name, String service, long pid) {}

  /**
   * Something descriptors lead to.
   *
   * @param owner who may have it besides the supervisor: a service, or one worker of it
   */
  record Item(String kind, String name, String owner) {}

  /**
   * What one owner has.
   *
   * @param kind listener, private, log, state or other
   * @param descriptors how many
   * @param trouble empty when it is as it should be
   */
  public record Row(
      String owner, long pid, String kind, String name, int descriptors, String trouble) {}

  /**
   * What is known.
   *
   * @param owners the supervisor first
   * @param items by what the kernel calls them
   * @param folders where only files are that the supervisor knows
   * @param attached how many workers are connected
   */
  Audit(List<Owner> owners, Map<String, Item> items, List<String> folders, int attached) {
    this.attached = attached;
    this.owners = ImmutableList.copyOf(owners);
    this.items = ImmutableMap.copyOf(items);
    this.folders = ImmutableList.copyOf(folders);
  }

  /** Looks twice. Blocks for a moment. */
  ImmutableList<Row> rows() throws InterruptedException {
    Map<Owner, ImmutableMap<Integer, String>> before = new HashMap<>();
    owners.forEach(owner -> before.put(owner, DescriptorScan.of(owner.pid())));
    Thread.sleep(BETWEEN_LOOKS_MILLIS);
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    for (Owner owner : owners) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      Map<String, Integer> numbers = new HashMap<>();
      ImmutableMap<Integer, String> first = before.getOrDefault(owner, ImmutableMap.of());
      DescriptorScan.of(owner.pid())
          .forEach(
              (number, target) -> {
                if (target.equals(first.get(number))) {
                  counts.merge(target, 1, Integer::sum);
                  numbers.put(target, number);
                }
              });
      rows.addAll(rows(owner, counts, numbers, Set.copyOf(first.values())));
    }
    return rows.build();
  }

  private List<Row> rows(
      Owner owner, Map<String, Integer> counts, Map<String, Integer> numbers, Set<String> before) {
    List<Row> rows = new ArrayList<>();
    Map<String, Integer> faces = new HashMap<>();
    Map<String, Integer> sockets = new TreeMap<>();
    counts.forEach(
        (target, count) -> {
          Item item = items.get(target);
          if (item != null) {
            String trouble = trouble(owner, item, count);
            rows.add(new Row(owner.name(), owner.pid(), item.kind(), item.name(), count, trouble));
            if (item.kind().equals("listener") || item.kind().equals("private")) {
              faces.merge(item.name(), count, Integer::sum);
            }
          } else if (owner.service().isEmpty() && target.startsWith("socket:")) {
            sockets.merge(ownSocket(numbers.getOrDefault(target, -1)), count, Integer::sum);
          } else if (isOurs(target)) {
            rows.add(new Row(owner.name(), owner.pid(), "other", target, count, "is not known"));
          }
        });
    if (owner.service().isEmpty()) {
      addSockets(owner, sockets, rows);
      addMissing(owner, counts, before, rows);
    } else {
      faces.forEach(
          (name, count) -> {
            if (count > FACES_OF_A_LISTENER) {
              String trouble =
                  "has " + count + " descriptors of its faces, not " + FACES_OF_A_LISTENER;
              rows.add(new Row(owner.name(), owner.pid(), "listener", name, count, trouble));
            }
          });
    }
    return rows;
  }

  /** What a socket of the supervisor's is that is none of the listeners it knows. */
  private String ownSocket(int number) {
    FileDescriptor socket = Descriptors.of(number);
    try {
      SocketAddress local = Sockets.localAddress(socket);
      boolean listens = Sockets.isStream(socket) && Sockets.isListening(socket);
      boolean hasPort = local instanceof InetSocketAddress inet && inet.getPort() != 0;
      if (local instanceof UnixDomainSocketAddress unix && isEndpoint(unix.getPath())) {
        String bound = unix.getPath().getFileName().toString(); // an upgrade has renamed it since
        return (listens ? "endpoint " : "connection ") + bound.replace(".next", "");
      }
      return listens || (hasPort && !Sockets.isStream(socket)) ? LEAKED + local : "";
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  private boolean isEndpoint(Path path) {
    return folders.stream().anyMatch(folder -> path.toString().startsWith(folder))
        && path.getFileName().toString().matches("(attach|control)\\.sock(\\.next)?");
  }

  private void addSockets(Owner owner, Map<String, Integer> sockets, List<Row> rows) {
    sockets.remove("");
    sockets.forEach(
        (name, count) -> {
          int expected = name.equals("connection attach.sock") ? attached : count;
          String trouble = expected == count ? "" : expected + " workers are attached";
          if (name.startsWith(LEAKED)) {
            trouble = "listens, but is not known";
          }
          rows.add(new Row(owner.name(), owner.pid(), "socket", name, count, trouble));
        });
  }

  private static String trouble(Owner owner, Item item, int count) {
    if (owner.service().isEmpty()) {
      return count == 1 ? "" : "is open " + count + " times";
    }
    boolean own = item.owner().equals(owner.service()) || item.owner().equals(owner.name());
    return own ? "" : "belongs to " + item.owner();
  }

  /** A file where all are known, or a file of ours that has no name any more. */
  private boolean isOurs(String target) {
    return folders.stream().anyMatch(target::startsWith);
  }

  /** What was open at the first look and is not any more was closed meanwhile. */
  private void addMissing(
      Owner owner, Map<String, Integer> counts, Set<String> before, List<Row> rows) {
    items.forEach(
        (target, item) -> {
          boolean seen = counts.containsKey(target) || before.contains(target);
          if (!seen && !OPEN_AT_TIMES.contains(item.kind())) {
            rows.add(
                new Row(owner.name(), owner.pid(), item.kind(), item.name(), 0, "is not open"));
          }
        });
  }
}
