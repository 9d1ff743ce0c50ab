package dev.baton.examples.fdpassing;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Arrays;
import java.util.List;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;

/** {@code Sender PATH FILE...}: passes open files to the first process that connects to PATH. */
public final class Sender {
  private static final byte[] PAYLOAD = {'!'};

  private Sender() {}

  public static void main(String[] args) {
    System.exit(Program.start("sender", Sender::run, args));
  }

  private static void run(String[] args) throws Failure {
    if (args.length < 2) {
      throw Failure.usage("Sender PATH FILE...");
    }
    SocketPath path = SocketPath.of(args[0]);
    List<String> names = Arrays.asList(args).subList(1, args.length);
    DescriptorMessage.requireSendable(names.size());
    // Before anybody can connect: a peer should not learn of a missing file by a broken connection.
    try (OpenFiles files = OpenFiles.open(names)) {
      print(names, files.descriptors());
      serveOnePeer(path, files.descriptors());
    }
  }

  private static void print(List<String> names, List<FileDescriptor> descriptors) throws Failure {
    for (int i = 0; i < names.size(); i++) {
      int number = DescriptorMessage.number(descriptors.get(i));
      System.out.println("opened as descriptor " + number + ": " + names.get(i));
    }
  }

  private static void serveOnePeer(SocketPath path, List<FileDescriptor> descriptors)
      throws Failure {
    try (AFUNIXServerSocket server = listen(path)) {
      System.out.println("listening on " + path);
      try (AFUNIXSocket peer = server.accept()) {
        DescriptorMessage.send(peer, PAYLOAD, descriptors);
      }
    } catch (IOException e) {
      throw new Failure(
          "cannot serve a peer on %s: %s; start again".formatted(path, Failure.reason(e)));
    }
    System.out.println("sent " + descriptors.size());
  }

  private static AFUNIXServerSocket listen(SocketPath path) throws Failure {
    // The library would silently replace whatever is there, be it a file or somebody's socket.
    if (Files.exists(path.path(), LinkOption.NOFOLLOW_LINKS)) {
      throw new Failure(
          "cannot listen on %s: it exists; remove it if no other program uses it, or choose another"
              .formatted(path));
    }
    try {
      AFUNIXServerSocket server = AFUNIXServerSocket.newInstance();
      // Else the library takes the path from another sender that has been faster.
      server.setReuseAddress(false);
      server.bind(path.address());
      // A hook, because a signal may end this program while it waits.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(path)));
      return server;
    } catch (IOException e) {
      throw new Failure(
          "cannot listen on %s: %s; choose a path in a folder that exists and that you may write to"
              .formatted(path, Failure.reason(e)));
    }
  }

  private static void remove(SocketPath path) {
    try {
      Files.deleteIfExists(path.path());
    } catch (IOException e) {
      System.err.println(
          "sender: cannot remove %s: %s; remove it".formatted(path, Failure.reason(e)));
    }
  }
}
