package dev.baton.supervisor.resource;

import com.google.common.collect.ImmutableList;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one listener: one that the workers of all slots share, or one for each slot among
 * which the kernel spreads connections.
 *
 * <p>A connection belongs to the socket the kernel chose, and waits there if the worker of that
 * slot does not accept. So there is never a socket that no slot has, but for the one that holds the
 * port before the first worker comes.
 */
final class Group implements Closeable {
  private final @Nullable Opener more;
  private final Map<Integer, Socket> bySlot = new LinkedHashMap<>();

  private int backlog;

  /** What all slots share; in a group of one each, what the next slot gets. */
  private @Nullable Socket spare;

  private Group(Socket first, int backlog, @Nullable Opener more) {
    this.spare = first;
    this.backlog = backlog;
    this.more = more;
  }

  /** Makes one more socket at the same port. */
  interface Opener {
    Socket open(int backlog) throws IOException;
  }

  static Group sharedByAll(Socket socket, int backlog) {
    return new Group(socket, backlog, null);
  }

  /** One that others have held; which slot it belongs to shows when it is asked for. */
  static Group oneEachWith(int slot, Socket socket, Opener opener, int backlog) {
    Group group = new Group(socket, backlog, opener);
    group.spare = null;
    group.bySlot.put(slot, socket);
    return group;
  }

  /** Takes a slot's own socket back; false when it has one, or all share one. */
  boolean take(int slot, Socket socket) {
    return more != null && bySlot.putIfAbsent(slot, socket) == null;
  }

  static Group oneEach(Opener opener, int backlog) throws IOException {
    return new Group(opener.open(backlog), backlog, opener);
  }

  /** The socket of the workers in a slot. */
  Socket of(int slot) throws IOException {
    if (more == null && spare != null) {
      return spare;
    }
    Socket own = bySlot.get(slot);
    if (own == null) {
      own = next();
      bySlot.put(slot, own);
    }
    return own;
  }

  private Socket next() throws IOException {
    Socket free = spare;
    spare = null;
    if (free != null) {
      return free;
    }
    if (more == null) {
      throw new IllegalStateException("the listener is closed");
    }
    return more.open(backlog);
  }

  /** Ends the socket of a slot, and what waits at it; the last one is kept for the next slot. */
  void closeSlot(int slot) throws IOException {
    Socket gone = bySlot.remove(slot);
    if (gone == null) {
      return;
    }
    if (spare == null && bySlot.isEmpty()) {
      spare = gone;
    } else {
      gone.retire();
    }
  }

  /** Of every socket, those to come included. */
  void changeBacklog(int wanted) throws IOException {
    if (wanted != backlog) {
      backlog = wanted;
      for (Socket socket : all()) {
        socket.listen(wanted);
      }
    }
  }

  int size() {
    return all().size();
  }

  /** All there are. */
  List<Socket> all() {
    ImmutableList.Builder<Socket> all = ImmutableList.builder();
    if (spare != null) {
      all.add(spare);
    }
    return all.addAll(bySlot.values()).build();
  }

  @Override
  public void close() throws IOException {
    List<Socket> all = all();
    spare = null;
    bySlot.clear();
    Closing.all(all);
  }
}
