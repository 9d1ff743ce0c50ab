package dev.baton.supervisor.cli;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.control.ControlConnection;
import dev.baton.supervisor.resource.RunDirectory;
import dev.baton.supervisor.resource.StateDirectory;
import dev.baton.supervisor.systemd.Activation;
import dev.baton.supervisor.systemd.NotifySocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A supervisor's life in three seconds: it starts a worker, restarts it, rotates, tells, stops. */
final class Rehearsal {
  private static final String NAME = "rehearsal";
  private static final long PAUSE_MILLIS = 50;
  private static final int MOST_PAUSES = 100;

  private Rehearsal() {}

  /** Leaves nothing behind; a failure is nobody's. */
  static void run() throws IOException {
    Path folder = Files.createTempDirectory("baton");
    try {
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.put(RunDirectory.BASE_VARIABLE, folder.resolve("run").toString());
      environment.put(StateDirectory.BASE_VARIABLE, folder.resolve("state").toString());
      // The supervisor that is about to be started has something to say and to take, not this one.
      environment.remove(NotifySocket.VARIABLE);
      environment.remove(Activation.VARIABLE);
      environment = ImmutableMap.copyOf(environment);
      Thread commands = commands(RunDirectory.of(NAME, environment).control());
      commands.start();
      PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
      new Foreground(desired(), nowhere, environment).run();
    } catch (Exception e) {
      // Another time it will be more complete.
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static Desired desired() throws IOException {
    int port;
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Server.class.getName(),
            Integer.toString(port));
    ServiceConfig service = ServiceConfig.running(NAME, command).build();
    return Desired.of(Config.of(service, ListenerConfig.DEFAULT_BACKLOG), null, null);
  }

  /** As an operator would give them, one after the other. */
  private static Thread commands(Path socket) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!isServing(socket)) {
                  Thread.sleep(PAUSE_MILLIS);
                }
                // What comes a second later, and would be loaded by every supervisor that lives on.
                for (int i = 0; i < MOST_PAUSES && !hasFigures(socket); i++) {
                  Thread.sleep(PAUSE_MILLIS);
                }
                ask(socket, Message.of(Verb.RESTART));
                ask(socket, Message.of(Verb.ROTATE));
                ask(socket, Message.of(Verb.HISTORY).with("most", 1));
                ask(socket, Message.of(Verb.STOP));
              } catch (IOException | InterruptedException e) {
                // The supervisor has ended before.
              }
            },
            "rehearsal");
    thread.setDaemon(true);
    return thread;
  }

  private static boolean isServing(Path socket) throws IOException {
    return Files.exists(socket) && ask(socket, Message.of(Verb.STATUS)).contains("serving");
  }

  private static boolean hasFigures(Path socket) throws IOException {
    return ask(socket, Message.of(Verb.STATUS)).contains("heap-max");
  }

  /** Returns all that is answered, as text. */
  private static String ask(Path socket, Message request) throws IOException {
    StringBuilder answers = new StringBuilder();
    try (ControlConnection supervisor = ControlConnection.connect(socket)) {
      supervisor.send(request);
      Message next = supervisor.receive();
      while (next != null) {
        answers.append(next);
        next = next.is(Verb.RESULT) ? null : supervisor.receive();
      }
    }
    return answers.toString();
  }

  /** The worker: accepts, and does nothing else. */
  static final class Server {
    private Server() {}

    public static void main(String[] args) throws IOException {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
      try (ServerSocketChannel server = ServerSocketChannel.open().bind(address)) {
        while (true) {
          SocketChannel client = server.accept();
          client.close();
        }
      }
    }
  }
}
