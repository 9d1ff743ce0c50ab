package dev.baton.examples.tomcat;

import dev.baton.worker.Worker;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Repeats what it hears; Tomcat makes one for each WebSocket. */
@ServerEndpoint("/ws")
public final class Echo {
  private static final Set<Session> OPEN = ConcurrentHashMap.newKeySet();

  @OnOpen
  public void opened(Session socket) {
    OPEN.add(socket);
    if (Worker.attach().isDraining()) {
      goAway(socket);
    }
  }

  @OnMessage
  public String heard(String text) {
    return text;
  }

  @OnClose
  public void closed(Session socket) {
    OPEN.remove(socket);
  }

  /** All that are open. */
  static void goAway() {
    OPEN.forEach(Echo::goAway);
  }

  private static void goAway(Session socket) {
    try {
      socket.close(new CloseReason(CloseReason.CloseCodes.GOING_AWAY, "restart"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
