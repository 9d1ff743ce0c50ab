package dev.baton.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What this worker has had kept: by the supervisor, or without one in this JVM. */
final class Stored {
  private final Map<String, Object> local = new ConcurrentHashMap<>();

  void store(String name, Object what) throws IOException {
    if (AgentBridge.attach()) {
      AgentBridge.store(name, what);
    } else {
      local.put(name, own(what));
    }
  }

  byte @Nullable [] bytes(String name) throws IOException {
    Object restored = restore(name);
    if (restored instanceof SocketChannel channel) {
      if (!local.containsKey(name)) {
        channel.close(); // a new one, which nobody has asked for
      }
      throw new IOException("what is stored as '" + name + "' is a connection");
    }
    return restored instanceof byte[] bytes ? bytes : null;
  }

  @Nullable SocketChannel connection(String name) throws IOException {
    Object restored = restore(name);
    if (restored instanceof byte[]) {
      throw new IOException("what is stored as '" + name + "' are bytes");
    }
    return restored instanceof SocketChannel channel ? channel : null;
  }

  /** Bytes that are the caller's, or a channel. */
  private @Nullable Object restore(String name) {
    if (AgentBridge.attach()) {
      return AgentBridge.restore(name);
    }
    Object kept = local.get(name);
    return kept == null ? null : own(kept);
  }

  private static Object own(Object what) {
    return what instanceof byte[] bytes ? bytes.clone() : what;
  }

  void discard(String name) {
    if (AgentBridge.attach()) {
      AgentBridge.discard(name);
    } else {
      local.remove(name);
    }
  }
}
