package dev.baton.supervisor.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The secrets by which workers prove who they are: a token, good for the first attach of a worker,
 * and an identity, for every one after it. Both are made from one key, so that the next supervisor,
 * which has the key, knows them all. Handed out by the loop, checked by the threads that read.
 *
 * @param <W> identifies a worker, in words that no other ever has
 */
public final class Tokens<W> {
  private static final int DIGITS = 32;
  private static final int KEY_BYTES = 32;

  private final String key;
  private final Map<String, Expected<W>> tokens = new ConcurrentHashMap<>();
  private final Map<String, Expected<W>> identities = new ConcurrentHashMap<>();

  /** Who may come, and from which process: that one, or one it has started. */
  private record Expected<W>(W worker, long rootPid, long startedAt) {}

  /** With a key that is kept where nobody else can read it. */
  public Tokens(String key) {
    this.key = key;
  }

  /** A key for a supervisor that follows nobody. */
  public static String newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  public String key() {
    return key;
  }

  /** What the worker attaches with the first time. */
  public String tokenOf(W worker) {
    return secret("token", worker);
  }

  /** What it attaches with from then on. */
  public String identityOf(W worker) {
    return secret("identity", worker);
  }

  /** The key is on both sides, of a fixed length: nobody can append to what is hashed. */
  private String secret(String purpose, W worker) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest((key + " " + purpose + " " + worker + " " + key).getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }

  /** The worker may attach with its token, from this process or a descendant of it. */
  public void expect(W worker, long rootPid) {
    tokens.put(tokenOf(worker), new Expected<>(worker, rootPid, 0));
  }

  /**
   * The worker may attach with its identity, from this process.
   *
   * @param startedAt when that was started; 0 if it was never seen: then a descendant may come, too
   */
  public void expectAgain(W worker, long pid, long startedAt) {
    identities.put(identityOf(worker), new Expected<>(worker, pid, startedAt));
  }

  /** The worker is gone. */
  public void forget(W worker) {
    tokens.remove(tokenOf(worker));
    identities.remove(identityOf(worker));
  }

  /** Who attaches; null when the token is unknown, used up, or comes from the wrong process. */
  @Nullable W redeem(String token, long pid) {
    Expected<W> found = tokens.get(token);
    if (found == null || !isSameOrDescendant(pid, found.rootPid())) {
      return null;
    }
    // A second JVM of the same worker may be here at the same time: one of them gets it.
    return tokens.remove(token, found) ? found.worker() : null;
  }

  /** Who attaches again; null when nobody is known by that identity, or it is another process. */
  @Nullable W recognize(String identity, long pid) {
    Expected<W> found = identities.get(identity);
    if (found == null) {
      return null;
    }
    boolean itself =
        found.startedAt() == 0
            ? isSameOrDescendant(pid, found.rootPid())
            : found.rootPid() == pid && Processes.startedAt(pid) == found.startedAt();
    return itself ? found.worker() : null;
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
