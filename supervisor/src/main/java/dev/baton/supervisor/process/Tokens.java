package dev.baton.supervisor.process;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The secrets by which workers attach, each good for once. Handed out by the loop, redeemed by the
 * threads that read.
 *
 * @param <W> identifies a worker
 */
public final class Tokens<W> {
  private static final int BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Expected<W>> expected = new ConcurrentHashMap<>();

  private record Expected<W>(W worker, long rootPid) {}

  /** A fresh token, of no use until it is {@link #expect}ed. */
  public String create() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The worker may attach with this token, from this process or a descendant of it. */
  public void expect(String token, W worker, long rootPid) {
    expected.put(token, new Expected<>(worker, rootPid));
  }

  /** The worker is gone. */
  public void forget(W worker) {
    expected.values().removeIf(e -> e.worker().equals(worker));
  }

  /** Who attaches; null when the token is unknown, used up, or comes from the wrong process. */
  @Nullable W redeem(String token, long pid) {
    Expected<W> found = expected.get(token);
    if (found == null || !isSameOrDescendant(pid, found.rootPid())) {
      return null;
    }
    // A second JVM of the same worker may be here at the same time: one of them gets it.
    return expected.remove(token, found) ? found.worker() : null;
  }

  private static boolean isSameOrDescendant(long pid, long root) {
    ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
    while (handle != null) {
      if (handle.pid() == root) {
        return true;
      }
      handle = handle.parent().orElse(null);
    }
    return false;
  }
}
