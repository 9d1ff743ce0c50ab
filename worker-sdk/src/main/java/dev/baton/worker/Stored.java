package dev.baton.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What this worker has had kept: by the supervisor, or without one in this JVM. */
final class Stored {
  private final Map<String, Object> local = new ConcurrentHashMap<>();

  void store(String name, Object what, boolean supervised) throws IOException {
    if (supervised) {
      AgentBridge.store(name, what);
    } else {
      local.put(name, what instanceof byte[] bytes ? bytes.clone() : what);
    }
  }

  byte @Nullable [] bytes(String name, boolean supervised) throws IOException {
    Object restored = restore(name, supervised);
    if (restored instanceof SocketChannel channel) {
      closeUnlessLocal(channel, supervised);
      throw new IOException("what is stored as '" + name + "' is a connection");
    }
    return restored instanceof byte[] bytes ? bytes.clone() : null;
  }

  @Nullable SocketChannel connection(String name, boolean supervised) throws IOException {
    Object restored = restore(name, supervised);
    if (restored instanceof byte[]) {
      throw new IOException("what is stored as '" + name + "' are bytes");
    }
    return restored instanceof SocketChannel channel ? channel : null;
  }

  private @Nullable Object restore(String name, boolean supervised) {
    return supervised ? AgentBridge.restore(name) : local.get(name);
  }

  private static void closeUnlessLocal(SocketChannel channel, boolean supervised)
      throws IOException {
    if (supervised) {
      channel.close();
    }
  }

  void discard(String name, boolean supervised) {
    local.remove(name);
    if (supervised) {
      AgentBridge.discard(name);
    }
  }
}
