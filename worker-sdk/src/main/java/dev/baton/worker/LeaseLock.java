package dev.baton.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lock of the kernel that a lease is. The kernel frees it when the process that has it dies,
 * and only then closes that process's other files and sockets, one by one. So whoever has it writes
 * into its file who that is, {@code PID START}, and who gets the lock of one that died waits until
 * all of that is gone. START is when the process started, in the kernel's clock ticks: a pid may
 * come back.
 *
 * <p>Of one thread. Nothing is closed: the lock would end with any descriptor of its file.
 */
final class LeaseLock {
  private static final Logger LOG = System.getLogger(Lease.class.getName());
  private static final Path PROCESSES = Path.of("/proc");
  private static final int MOST_BYTES = 64;

  /** In {@code /proc/PID/stat}, counted from the field after the name. */
  private static final int STATE = 0;

  private static final int START = 19;

  private static final long RETRY_MILLIS = 50;
  private static final long LOOK_MILLIS = 1;

  private final FileChannel in;
  private final FileChannel out;
  private final String own;

  // Mutable state
  private @Nullable FileLock held;

  /**
   * Takes no ownership.
   *
   * @param file open for reading, too
   */
  LeaseLock(FileOutputStream file) throws IOException {
    this.in = new FileInputStream(file.getFD()).getChannel();
    this.out = file.getChannel();
    Path self = PROCESSES.resolve("self").toRealPath();
    this.own = self.getFileName() + " " + stat(self)[START] + "\n";
  }

  /** Waits in the kernel's queue, then for the end of whoever had it and died. */
  void acquire() throws IOException, InterruptedException {
    held = enqueue();
    awaitLast();
    out.truncate(0);
    try {
      out.write(ByteBuffer.wrap(own.getBytes(ISO_8859_1)), 0);
    } catch (IOException e) { // such as a full file system: the lease is more than its record
      LOG.log(Level.WARNING, "cannot write down who has a lease", e);
    }
  }

  private FileLock enqueue() throws IOException, InterruptedException {
    while (true) {
      try {
        return out.lock();
      } catch (IOException e) {
        // The kernel takes processes for what deadlocks, not threads: with two leases it may see
        // one where there is none.
        if (!String.valueOf(e.getMessage()).contains("deadlock")) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }

  void release() throws IOException {
    FileLock lock = held;
    if (lock != null) {
      out.truncate(0);
      held = null;
      lock.release();
    }
  }

  private void awaitLast() throws IOException, InterruptedException {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
    int length = Math.max(0, in.read(bytes, 0));
    String[] last = new String(bytes.array(), 0, length, ISO_8859_1).strip().split(" ", -1);
    while (last.length == 2 && isThere(PROCESSES.resolve(last[0]), last[1])) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private static boolean isThere(Path process, String start) {
    try {
      String[] stat = stat(process);
      return stat[START].equals(start) && !(stat[STATE].equals("Z") && isAlone(process));
    } catch (IOException e) {
      return false; // it went while we looked
    }
  }

  /** Its first thread may be over, which looks like its end, while others still die. */
  private static boolean isAlone(Path process) {
    // Not a stream of java.nio: that throws when the process goes while it is read.
    String[] threads = process.resolve("task").toFile().list();
    return threads == null || threads.length <= 1;
  }

  private static String[] stat(Path process) throws IOException {
    String line = Files.readString(process.resolve("stat"), ISO_8859_1);
    return line.substring(line.lastIndexOf(')') + 2).split(" ", -1); // a name may have blanks
  }
}
