package dev.baton.examples.servers;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What all servers answer, so that only the way they listen differs.
 *
 * @param status the status of HTTP
 * @param body text
 * @param delayMillis how long it takes to think of it
 */
record Answer(int status, String body, long delayMillis) {
  private static final Pattern SLOW = Pattern.compile("/slow(?:\\?ms=(\\d{1,5}))?");
  private static final String HELLO = "hello from pid " + ProcessHandle.current().pid() + "\n";

  /** For a path with its query, such as {@code /slow?ms=500}. */
  static Answer to(String target) {
    Matcher slow = SLOW.matcher(target);
    if (slow.matches()) {
      return new Answer(200, HELLO, slow.group(1) == null ? 2000 : Long.parseLong(slow.group(1)));
    }
    return switch (target) {
      case "/" -> new Answer(200, HELLO, 0);
      case "/health" -> new Answer(200, "ok\n", 0);
      default -> new Answer(404, "not here\n", 0);
    };
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /** The whole answer, for servers that write HTTP by hand. */
  byte[] http(boolean close) {
    String head =
        "HTTP/1.1 "
            + status
            + (status == 200 ? " OK" : " Not Found")
            + "\r\n"
            + "Content-Length: "
            + bytes().length
            + "\r\n"
            + (close ? "Connection: close\r\n" : "")
            + "\r\n";
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  /** Waits as long as the answer takes, on threads that may be blocked. */
  void think() {
    try {
      Thread.sleep(delayMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
