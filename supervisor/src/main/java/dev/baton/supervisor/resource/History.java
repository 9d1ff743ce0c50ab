package dev.baton.supervisor.resource;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.baton.supervisor.core.RestartRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The restarts that were, on disk: a line of JSON each, the newest last. A supervisor that is
 * killed while it writes spoils its last line at most, and a spoilt line is passed over. Any thread
 * may call, but not the loop: it reads and writes files.
 */
public final class History {
  /** Enough to look back over weeks of deployments. */
  static final int MOST_RECORDS = 200;

  /** What a state directory never grows beyond by it, and what is read for an answer. */
  static final int MOST_BYTES = 1 << 20;

  /** The file is written anew when it has this many more, not at each restart. */
  private static final int SLACK_RECORDS = 50;

  /** So that a restart of a thousand workers does not push all others out. */
  private static final int MOST_BYTES_A_RECORD = MOST_BYTES / 8;

  private final Path file;
  private final AtomicLong lastId = new AtomicLong();

  // Guarded by this
  private int lines;

  private History(Path file) {
    this.file = file;
  }

  /** Goes on where an earlier supervisor ended. The file need not exist, but its directory must. */
  public static History open(Path file) throws IOException {
    History history = new History(file);
    List<String> lines = history.read();
    long last = 0;
    for (String line : lines) {
      RestartRecord record = HistoryLine.read(line);
      // A spoilt line had an id too.
      last = record == null ? last + 1 : Math.max(last, record.id());
    }
    history.lastId.set(last);
    history.lines = lines.size();
    return history;
  }

  /** An id for a record that begins; it is used up, whether the record is added or not. */
  public long nextId() {
    return lastId.incrementAndGet();
  }

  /** Adds a record to the end, and forgets the oldest if there are too many. */
  public synchronized void add(RestartRecord record) throws IOException {
    // A spoilt line must not spoil the next.
    String line = (endsInALine() ? "" : "\n") + fitting(record) + "\n";
    write(file, line, CREATE, WRITE, APPEND);
    lines++;
    if (lines > MOST_RECORDS + SLACK_RECORDS || Files.size(file) > MOST_BYTES) {
      forgetOldest();
    }
  }

  /**
   * The newest records, the newest first.
   *
   * @param service null for those of all services
   */
  public synchronized ImmutableList<RestartRecord> last(int most, @Nullable String service)
      throws IOException {
    List<RestartRecord> found = new ArrayList<>();
    for (String line : Lists.reverse(read())) {
      if (found.size() >= Math.min(most, MOST_RECORDS)) {
        break;
      }
      RestartRecord record = HistoryLine.read(line);
      if (record != null && (service == null || service.equals(record.service()))) {
        found.add(record);
      }
    }
    return ImmutableList.copyOf(found);
  }

  /** Of a record that is too long, how it ended is kept. */
  private static String fitting(RestartRecord record) {
    String line = HistoryLine.write(record);
    int kept = record.phases().size();
    while (line.length() > MOST_BYTES_A_RECORD && kept > 0) {
      kept /= 2;
      line = HistoryLine.write(withLastPhases(record, kept));
    }
    return line;
  }

  private static RestartRecord withLastPhases(RestartRecord all, int kept) {
    return new RestartRecord(
        all.id(),
        all.service(),
        all.kind(),
        all.asker(),
        all.strategy(),
        all.from(),
        all.to(),
        all.startedAt(),
        all.tookNanos(),
        all.result(),
        all.reason(),
        all.phases().subList(all.phases().size() - kept, all.phases().size()),
        all.evidence());
  }

  private boolean endsInALine() throws IOException {
    byte[] end = tail(1);
    return end.length == 0 || end[0] == '\n';
  }

  private List<String> read() throws IOException {
    String text = new String(tail(2 * MOST_BYTES), StandardCharsets.ISO_8859_1);
    return Splitter.on('\n').omitEmptyStrings().splitToList(text);
  }

  private byte[] tail(int most) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      int length = (int) Math.min(most, in.size());
      in.position(in.size() - length);
      return Channels.newInputStream(in).readNBytes(length);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  /** Under another name first: at any instant there is a whole history. */
  private void forgetOldest() throws IOException {
    Deque<String> kept = new ArrayDeque<>();
    int bytes = 0;
    for (String line : Lists.reverse(read())) {
      bytes += line.length() + 1;
      // Down to three quarters, or the next record would have all of it written again.
      if (kept.size() >= MOST_RECORDS || bytes > MOST_BYTES / 4 * 3) {
        break;
      }
      kept.addFirst(line);
    }
    Path shorter = file.resolveSibling(file.getFileName() + ".new");
    write(shorter, String.join("\n", kept) + "\n", CREATE, WRITE, TRUNCATE_EXISTING);
    Files.move(shorter, file, StandardCopyOption.ATOMIC_MOVE);
    lines = kept.size();
  }

  private static void write(Path file, String text, OpenOption... options) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    try (FileChannel out = FileChannel.open(file, Set.of(options), Mode.of("rw-------"))) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(false);
    }
  }
}
