package dev.baton.endtoend;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A WebSocket to a server that repeats what it hears, and how it ends. */
final class OpenWebSocket implements WebSocket.Listener {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();

  private OpenWebSocket() {}

  /** Returns when it is open and the server has repeated a word. */
  static OpenWebSocket open(int port, SSLContext trusting) throws Exception {
    OpenWebSocket opened = new OpenWebSocket();
    WebSocket socket =
        HttpClient.newBuilder()
            .sslContext(trusting)
            .build()
            .newWebSocketBuilder()
            .buildAsync(URI.create("wss://localhost:" + port + "/ws"), opened)
            .get(30, TimeUnit.SECONDS);
    var unused = socket.sendText("a word", true).get(30, TimeUnit.SECONDS);
    String answer = opened.heard.poll(30, TimeUnit.SECONDS);
    if (!"a word".equals(answer)) {
      throw new AssertionError("not repeated but: " + answer);
    }
    return opened;
  }

  /** The code and reason with which the server has closed it, or what went wrong. */
  String end() throws Exception {
    return end.get(30, TimeUnit.SECONDS);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    heard.add(data.toString());
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    end.complete(Integer.toString(status));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    end.complete(error.toString());
  }
}
