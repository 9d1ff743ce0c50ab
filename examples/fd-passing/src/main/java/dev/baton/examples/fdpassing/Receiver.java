package dev.baton.examples.fdpassing;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.newsclub.net.unix.AFUNIXSocket;

/** {@code Receiver PATH}: prints the beginning of each open file that comes from PATH. */
public final class Receiver {
  private static final int FIRST_BYTES = 64;

  private Receiver() {}

  public static void main(String[] args) {
    System.exit(Program.start("receiver", Receiver::run, args));
  }

  private static void run(String[] args) throws Failure {
    if (args.length != 1) {
      throw Failure.usage("Receiver PATH");
    }
    SocketPath path = SocketPath.of(args[0]);
    // Open until the last file is read: the library closes with it what came through it.
    try (AFUNIXSocket peer = connect(path)) {
      for (FileDescriptor descriptor : DescriptorMessage.receive(peer)) {
        print(descriptor);
      }
    } catch (IOException e) {
      throw new Failure(
          "cannot close the connection to %s: %s; start again".formatted(path, Failure.reason(e)));
    }
  }

  private static AFUNIXSocket connect(SocketPath path) throws Failure {
    try {
      return AFUNIXSocket.connectTo(path.address());
    } catch (IOException e) {
      throw new Failure(
          "cannot connect to %s: %s; start a sender there first, and remove the path if a dead one"
                  .formatted(path, Failure.reason(e))
              + " left it");
    }
  }

  private static void print(FileDescriptor descriptor) throws Failure {
    // Asked before it is closed: the number is free for others afterwards.
    int number = DescriptorMessage.number(descriptor);
    try (FileInputStream file = new FileInputStream(descriptor)) {
      byte[] first = new byte[FIRST_BYTES];
      // The position in the file is shared with the sender, as is everything but the number.
      int length = Math.max(0, file.read(first));
      System.out.println(
          "received as descriptor " + number + ": " + printable(Arrays.copyOf(first, length)));
    } catch (IOException e) {
      throw new Failure(
          "cannot read descriptor %d: %s; see that the sender opens it for reading"
              .formatted(number, Failure.reason(e)));
    }
  }

  /** One line whatever is in the file, and nothing that could upset a terminal. */
  private static String printable(byte[] bytes) {
    StringBuilder line = new StringBuilder();
    for (byte b : bytes) {
      boolean plain = b >= ' ' && b <= '~' && b != '\\';
      line.append(plain ? String.valueOf((char) b) : "\\x%02x".formatted(b & 0xff));
    }
    return line.toString();
  }
}
