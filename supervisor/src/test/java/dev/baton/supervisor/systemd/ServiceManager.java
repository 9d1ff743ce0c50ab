package dev.baton.supervisor.systemd;

import dev.baton.jdk.Descriptors;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The socket of a service manager, which takes what it is told and does nothing about it. */
final class ServiceManager implements Closeable {
  private static final int LONGEST = 4096;
  private static final int ANCILLARY_BYTES = 512;

  private final AFUNIXDatagramSocket socket;
  private final String address;

  /** Listens at a path, or at a name after {@code @}. */
  ServiceManager(String address) throws IOException {
    this.address = address;
    this.socket = AFUNIXDatagramSocket.newInstance();
    socket.bind(
        address.startsWith("@")
            ? AFUNIXSocketAddress.inAbstractNamespace(address.substring(1))
            : AFUNIXSocketAddress.of(Path.of(address)));
    socket.setAncillaryReceiveBufferSize(ANCILLARY_BYTES);
  }

  /** What is in one datagram: the message, and what the descriptors with it refer to. */
  record Told(String message, List<String> targets) {}

  String address() {
    return address;
  }

  /** The next message, with the targets of what came along, which is closed. Waits for it. */
  Told next() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
    socket.receive(packet);
    List<String> targets = new ArrayList<>();
    FileDescriptor[] received = socket.getReceivedFileDescriptors();
    if (received != null) {
      for (FileDescriptor descriptor : received) {
        targets.add(Descriptors.target(Descriptors.number(descriptor)));
        Descriptors.close(descriptor);
      }
    }
    String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    return new Told(message, targets);
  }

  /** Everything that lies in the queue: sending has ended when the sender's call has returned. */
  List<Told> all() throws IOException {
    List<Told> all = new ArrayList<>();
    socket.setSoTimeout(1);
    try {
      while (true) {
        all.add(next());
      }
    } catch (SocketTimeoutException e) {
      return all;
    } finally {
      socket.setSoTimeout(0);
    }
  }

  List<String> messages() throws IOException {
    return all().stream().map(Told::message).toList();
  }

  @Override
  public void close() {
    socket.close();
  }
}
