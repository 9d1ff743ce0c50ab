package dev.baton.supervisor.resource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file for the output of each worker. Workers write into it directly; the supervisor is not in
 * between. Belongs to the loop.
 *
 * @param <W> identifies a worker
 */
public final class OutputFiles<W> {
  /** Of workers that are gone: enough to read why the last ones died. */
  private static final int KEPT = 5;

  /** As much of the end of a file as is looked at for its last lines. */
  private static final int TAIL_BYTES = 16 * 1024;

  private final Path directory;
  private final Map<W, Path> current = new LinkedHashMap<>();
  private final Deque<Path> old = new ArrayDeque<>();

  public OutputFiles(Path directory) {
    this.directory = directory;
  }

  /** The file for a new worker; it does not exist yet. */
  public Path create(W worker, String name) throws IOException {
    Path file = directory.resolve(name.replace('/', '-') + ".log");
    Files.deleteIfExists(file);
    current.put(worker, file);
    return file;
  }

  /** The last lines a worker has written, at most that many. */
  public List<String> lastLines(W worker, int most) {
    Path file = current.get(worker);
    if (file == null) {
      return List.of();
    }
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, reader.length() - TAIL_BYTES);
      byte[] tail = new byte[(int) (reader.length() - from)];
      reader.seek(from);
      reader.readFully(tail);
      List<String> lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (IOException e) {
      return List.of("(its output cannot be read: " + e.getMessage() + ")");
    }
  }

  /** The worker is gone: its file is kept a while, an older one is removed. */
  public void forget(W worker) throws IOException {
    Path file = current.remove(worker);
    if (file != null) {
      old.addLast(file);
    }
    while (old.size() > KEPT) {
      Files.deleteIfExists(old.removeFirst());
    }
  }
}
