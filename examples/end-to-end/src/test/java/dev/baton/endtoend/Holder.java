package dev.baton.endtoend;

import com.sun.net.httpserver.HttpServer;
import dev.baton.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A worker with a lease. While it has it, it also locks a file of the test's, which nobody else may
 * have at that time; and it keeps a journal: {@code begin PID NANOS}, {@code end PID NANOS}, {@code
 * second PID NANOS} when somebody else has that lock.
 *
 * <p>Arguments: port, the file to lock, the journal.
 */
final class Holder {
  /** When we die the kernel closes them one by one, after the lease and before our lock. */
  private static final int OTHER_FILES = 10_000;

  /** Opened when the lease's file is. */
  private final CompletableFuture<Files> files = new CompletableFuture<>();

  private @Nullable FileLock lock;

  private record Files(List<FileChannel> others, FileChannel journal, FileChannel check) {
    static Files open(Path journal, Path check) throws IOException {
      List<FileChannel> others = new ArrayList<>();
      while (others.size() < OTHER_FILES) {
        others.add(open(journal));
      }
      return new Files(others, open(journal), open(check));
    }

    private static FileChannel open(Path path) throws IOException {
      return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  static List<String> command(int port, Path check, Path journal) {
    return Application.smallJvm(
        64, Holder.class.getName(), Integer.toString(port), check.toString(), journal.toString());
  }

  public static void main(String[] args) throws Exception {
    Worker worker = Worker.attach();
    HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0)
        .start();
    Holder holder = new Holder();
    worker.lease("jobs", holder::begin, holder::end);
    holder.files.complete(Files.open(Path.of(args[2]), Path.of(args[1])));
  }

  private void begin() {
    try {
      lock = files.join().check().tryLock();
      write(lock == null ? "second" : "begin");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end() {
    try {
      write("end");
      if (lock != null) {
        lock.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The clock is the host's: all processes read the same. */
  private void write(String what) throws IOException {
    String line = what + " " + ProcessHandle.current().pid() + " " + System.nanoTime() + "\n";
    files.join().journal().write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
  }
}
