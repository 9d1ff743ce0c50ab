package dev.baton.endtoend;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A command as a supervisor sees it: one request on the control socket and what is answered, by the
 * page of the protocol alone. A JVM for each would take longer than what some tests look at.
 */
final class Conversation implements AutoCloseable {
  private final SocketChannel channel;
  private final DataInputStream in;

  private Conversation(SocketChannel channel) {
    this.channel = channel;
    this.in = new DataInputStream(Channels.newInputStream(channel));
  }

  /** One message. */
  record Row(String verb, Map<String, String> keys) {
    String text(String key) {
      return Objects.requireNonNull(keys.get(key), () -> "no " + key + " in " + this);
    }

    int number(String key) {
      return Integer.parseInt(text(key));
    }
  }

  /** Connects and sends the request. */
  static Conversation begin(Path socket, String verb, Map<String, String> keys) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    Conversation begun = new Conversation(channel);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      begun.send(verb, keys);
      return begun;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void send(String verb, Map<String, String> keys) throws IOException {
    StringBuilder text = new StringBuilder(verb).append('\n');
    keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes.length);
    frame.putInt(bytes.length).put(bytes).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  /** All that is answered; the result is the last. Blocks until the outcome is known. */
  List<Row> rest() throws IOException {
    List<Row> rows = new ArrayList<>();
    do {
      rows.add(next());
    } while (!rows.get(rows.size() - 1).verb().equals("RESULT"));
    return rows;
  }

  /** The result. Blocks until the outcome is known. */
  Row result() throws IOException {
    List<Row> rows = rest();
    return rows.get(rows.size() - 1);
  }

  private Row next() throws IOException {
    byte[] text = new byte[in.readInt()];
    in.readFully(text);
    List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
    Map<String, String> keys = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int equals = line.indexOf('=');
      keys.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return new Row(lines.get(0), keys);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
