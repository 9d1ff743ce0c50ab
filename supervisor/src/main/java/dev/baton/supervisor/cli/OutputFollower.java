package dev.baton.supervisor.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;

/**
 * Shows on the terminal what workers write into their files, as {@code tail -f} would. A reader
 * only: no worker waits for it. Sleeps in inotify while nobody writes.
 */
final class OutputFollower implements Closeable {
  private static final int CHUNK = 64 * 1024;

  private final Path directory;
  private final OutputStream out;
  private final WatchService changes;
  private final Map<Path, Long> shown = new HashMap<>();

  private OutputFollower(Path directory, OutputStream out, WatchService changes) {
    this.directory = directory;
    this.out = out;
    this.changes = changes;
  }

  /** Shows what is written from now on to files in the directory. */
  static OutputFollower start(Path directory, OutputStream out) throws IOException {
    WatchService changes = FileSystems.getDefault().newWatchService();
    directory.register(
        changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    OutputFollower follower = new OutputFollower(directory, out, changes);
    Thread thread = new Thread(follower::follow, "output-follower");
    thread.setDaemon(true);
    thread.start();
    return follower;
  }

  private void follow() {
    try {
      while (true) {
        WatchKey key = changes.take();
        key.pollEvents();
        showAll();
        key.reset();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      // The terminal is gone, or we were closed. The workers do not notice.
    }
  }

  private synchronized void showAll() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.log")) {
      for (Path file : files) {
        show(file);
      }
    }
    shown.keySet().removeIf(file -> !Files.exists(file));
  }

  private void show(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long from = shown.getOrDefault(file, 0L);
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      for (int n = channel.read(chunk, from); n > 0; n = channel.read(chunk.clear(), from)) {
        out.write(chunk.array(), 0, n);
        from += n;
        shown.put(file, from);
      }
      out.flush();
    } catch (NoSuchFileException e) {
      // removed since we listed it
    }
  }

  /** Shows the rest, then stops. */
  @Override
  public void close() throws IOException {
    showAll();
    changes.close();
  }
}
