package dev.baton.endtoend;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A server with many threads, and new ones all the time, which binds when a file is there. */
final class Patient {
  private static final int THREADS = 40;
  private static final long MILLI = 1_000_000;

  private Patient() {}

  public static void main(String[] args) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < THREADS; i++) {
      begin(never::await);
    }
    begin(Patient::goOnBeginning);
    while (!Files.exists(Path.of(args[1]))) {
      LockSupport.parkNanos(MILLI);
    }
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    HttpServer.create(address, 0).start();
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  private static Thread begin(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void goOnBeginning() throws InterruptedException {
    while (true) {
      begin(() -> LockSupport.parkNanos(2 * MILLI)).join();
    }
  }
}
