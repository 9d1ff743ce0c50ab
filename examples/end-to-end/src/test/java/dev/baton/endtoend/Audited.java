package dev.baton.endtoend;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@code baton audit} says, without a JVM for it. */
final class Audited {
  private Audited() {}

  /** Every descriptor that is not as it should be; none when there is no supervisor to ask. */
  static List<String> troubles(Path control) throws IOException {
    try (Conversation audit = Conversation.begin(control, "AUDIT", Map.of())) {
      return audit.rest().stream()
          .filter(row -> row.verb().equals("DESCRIPTOR") && !row.text("trouble").isEmpty())
          .map(Object::toString)
          .toList();
    } catch (ConnectException e) {
      return List.of();
    } catch (SocketException e) {
      return List.of(); // it has just ended, or was killed
    }
  }
}
