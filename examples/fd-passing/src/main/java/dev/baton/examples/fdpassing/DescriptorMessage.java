package dev.baton.examples.fdpassing;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * One message over a unix stream socket: some payload, and open descriptors that travel with it.
 *
 * <p>The kernel puts the same open files under new numbers of the receiving process. From then on
 * both processes hold them, and either may close its own.
 */
final class DescriptorMessage {
  /** What junixsocket can receive in one message; the kernel would take 253. */
  static final int MOST_DESCRIPTORS = 60;

  /** More than the library uses, so that only its own limit counts. */
  private static final int RECEIVE_BUFFER_BYTES = 512;

  private DescriptorMessage() {}

  /** Sends all descriptors with one write. They stay the caller's, to be closed by the caller. */
  static void send(AFUNIXSocket peer, byte[] payload, List<FileDescriptor> descriptors)
      throws Failure {
    if (payload.length == 0) {
      // On a stream socket the kernel would report success and drop the descriptors.
      throw new Failure(
          "refused to send a message without payload: descriptors travel only with at least one"
              + " byte, so send one");
    }
    requireSendable(descriptors.size());
    try {
      peer.setOutboundFileDescriptors(descriptors.toArray(new FileDescriptor[0]));
      peer.getOutputStream().write(payload);
    } catch (IOException e) {
      throw new Failure(
          "cannot send %d descriptors to the peer: %s; see why it went away"
              .formatted(descriptors.size(), Failure.reason(e)));
    }
  }

  static void requireSendable(int count) throws Failure {
    if (count == 0) {
      throw new Failure("there is no descriptor to send: open at least one file");
    }
    if (count > MOST_DESCRIPTORS) {
      throw new Failure(
          "refused to send %d descriptors: a message takes at most %d, so send the rest in another"
              .formatted(count, MOST_DESCRIPTORS));
    }
  }

  /** Waits for a message. The descriptors are closed with the socket, at the latest. */
  static List<FileDescriptor> receive(AFUNIXSocket peer) throws Failure {
    try {
      // It is 0 until set; descriptors that arrive before would be lost.
      peer.setAncillaryReceiveBufferSize(RECEIVE_BUFFER_BYTES);
      int payload = peer.getInputStream().read();
      return checked(payload, peer.getReceivedFileDescriptors());
    } catch (IOException e) {
      throw new Failure(
          "cannot receive the message: %s; see that the sender puts at most %d descriptors into it"
              .formatted(Failure.reason(e), MOST_DESCRIPTORS));
    }
  }

  private static List<FileDescriptor> checked(int payload, FileDescriptor @Nullable [] descriptors)
      throws Failure {
    if (payload < 0) {
      throw new Failure(
          "the peer closed the connection without a message: see why, and that it sends at least"
              + " one byte of payload, without which descriptors do not travel");
    }
    if (descriptors == null || descriptors.length == 0) {
      throw new Failure(
          "the peer sent payload without descriptors: see that it attaches them (SCM_RIGHTS) to"
              + " the first byte");
    }
    return List.of(descriptors);
  }

  /** The number a descriptor has in this process, and in no other. */
  static int number(FileDescriptor descriptor) throws Failure {
    try {
      return FileDescriptorCast.using(descriptor).as(Integer.class);
    } catch (IOException e) {
      throw new Failure(
          "cannot tell a descriptor's number: %s; see that it is open"
              .formatted(Failure.reason(e)));
    }
  }
}
