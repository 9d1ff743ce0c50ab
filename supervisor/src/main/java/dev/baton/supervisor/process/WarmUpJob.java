package dev.baton.supervisor.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.WarmUp;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * What the helper is to do, as it reads it from its stdin: not from its command line, because
 * everybody on the host can see that, and a header may be a password.
 *
 * @param pid of the worker's JVM; 0 when it is unknown
 */
record WarmUpJob(SocketAddress face, long pid, WarmUp how) {

  void writeTo(DataOutputStream out) throws IOException {
    if (face instanceof InetSocketAddress inet) {
      write(out, inet.getAddress().getAddress());
      out.writeInt(inet.getPort());
    } else {
      write(out, new byte[0]);
      write(out, face.toString());
    }
    out.writeLong(pid);
    out.writeBoolean(how.tls());
    out.writeInt(how.port());
    out.writeInt(how.paths().size());
    for (String path : how.paths()) {
      write(out, path);
    }
    write(out, how.method());
    out.writeInt(how.headers().size());
    for (Map.Entry<String, String> header : how.headers().entrySet()) {
      write(out, header.getKey());
      write(out, header.getValue());
    }
    write(out, how.body());
    out.writeInt(how.concurrency());
    out.writeLong(how.timeout().toMillis());
    out.flush();
  }

  static WarmUpJob readFrom(DataInputStream in) throws IOException {
    byte[] address = read(in);
    SocketAddress face =
        address.length > 0
            ? new InetSocketAddress(InetAddress.getByAddress(address), in.readInt())
            : UnixDomainSocketAddress.of(text(in));
    long pid = in.readLong();
    boolean tls = in.readBoolean();
    int port = in.readInt();
    ImmutableList.Builder<String> paths = ImmutableList.builder();
    for (int left = in.readInt(); left > 0; left--) {
      paths.add(text(in));
    }
    String method = text(in);
    ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
    for (int left = in.readInt(); left > 0; left--) {
      headers.put(text(in), text(in));
    }
    String body = text(in);
    int concurrency = in.readInt();
    Duration timeout = Duration.ofMillis(in.readLong());
    return new WarmUpJob(
        face,
        pid,
        new WarmUp(
            tls, port, paths.build(), method, headers.buildOrThrow(), body, concurrency, timeout));
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    write(out, text.getBytes(UTF_8));
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(read(in), UTF_8);
  }

  private static byte[] read(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
