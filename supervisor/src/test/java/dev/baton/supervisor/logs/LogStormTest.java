package dev.baton.supervisor.logs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.testing.NothingLeft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that write as fast as they can into a log that is rotated as fast as it can be. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
final class LogStormTest {
  private static final int WORKERS = 4;
  private static final int ROTATIONS = 300;

  /** Lines a worker writes at most before it looks for a new file. */
  private static final int MOST_LINES = 200;

  /** Rotations a worker may be behind; fewer than those after which it is not waited for. */
  private static final int MOST_BEHIND = 12;

  @TempDir private Path folder = Path.of("");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<Void>> running = new ArrayList<>();

  /** By the rotation that made it; those that everybody has left are closed. */
  private final FileChannel[] files = new FileChannel[ROTATIONS + 1];

  private final AtomicIntegerArray at = new AtomicIntegerArray(WORKERS);
  private final AtomicIntegerArray written = new AtomicIntegerArray(WORKERS);
  private volatile int newest;
  private @Nullable LogFollower follower;

  @AfterEach
  void end() throws IOException {
    threads.shutdownNow();
    if (follower != null) {
      follower.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyLineIsShownOnceInTheOrderOfItsWorker(boolean compress) throws Exception {
    long seed = System.nanoTime();
    files[0] = FileChannel.open(log(), CREATE_NEW, APPEND);
    for (int i = 0; i < WORKERS; i++) {
      int worker = i;
      start(() -> work(worker, new Random(seed + worker)));
    }
    start(() -> rotate(compress));
    await(ROTATIONS / 4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogQuery all = new LogQuery(LogQuery.ALL, 0, null, true);
    LogFollower shown =
        LogFollower.start(() -> List.of(new LogPlace("web", log())), all, out, 16 * 1024);
    follower = shown;
    Future<Void> following =
        threads.submit(
            () -> {
              shown.follow();
              return null;
            });
    for (Future<Void> one : running) {
      one.get();
    }
    shown.close();
    following.get();

    check(out.toString(StandardCharsets.US_ASCII), "seed " + seed);
    assertEquals(List.of(), OpenFiles.in(folder));
  }

  private void start(Callable<Void> task) {
    running.add(threads.submit(task));
  }

  private Path log() {
    return folder.resolve("web.log");
  }

  private Path archive(int rotation) {
    return folder.resolve("web.log-20261125T%06d.000Z".formatted(rotation));
  }

  /** As the supervisor does it; it waits for no worker, but for those that are far behind. */
  private Void rotate(boolean compress) throws IOException, InterruptedException {
    int left = 0;
    for (int i = 1; i <= ROTATIONS; i++) {
      Files.move(log(), archive(i), StandardCopyOption.ATOMIC_MOVE);
      files[i] = FileChannel.open(log(), CREATE_NEW, APPEND);
      newest = i;
      while (slowest() < i - MOST_BEHIND) {
        pause();
      }
      for (; left < slowest(); left++) {
        files[left].close();
        if (compress) {
          Written.compress(archive(left + 1));
        }
      }
    }
    while (slowest() < ROTATIONS) {
      pause();
    }
    for (; left < ROTATIONS; left++) {
      files[left].close();
    }
    return null;
  }

  private int slowest() {
    int slowest = ROTATIONS;
    for (int i = 0; i < WORKERS; i++) {
      slowest = Math.min(slowest, at.get(i));
    }
    return slowest;
  }

  private void await(int rotations) throws InterruptedException {
    while (newest < rotations) {
      pause();
    }
  }

  private static void pause() throws InterruptedException {
    Thread.onSpinWait();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Writes into its file for a while after there is a newer one, and never again then. */
  private Void work(int worker, Random random) throws IOException {
    boolean isLast = false;
    while (!isLast) {
      int mine = at.get(worker);
      isLast = mine == ROTATIONS;
      for (int i = random.nextInt(MOST_LINES); i >= 0; i--) {
        String line = worker + " " + written.incrementAndGet(worker) + " end\n";
        files[mine].write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
      }
      int next = newest;
      if (next > mine) {
        at.set(worker, random.nextBoolean() ? next : mine + 1);
      }
    }
    return null;
  }

  private void check(String shown, String hint) throws IOException {
    files[ROTATIONS].close();
    int[] last = new int[WORKERS];
    for (String line : shown.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length == 3) {
        int worker = Integer.parseInt(words[0]);
        last[worker]++;
        assertEquals(worker + " " + last[worker] + " end", line, hint);
      } else {
        assertEquals("", line, hint);
      }
    }
    for (int i = 0; i < WORKERS; i++) {
      assertEquals(written.get(i), last[i], "lines of worker " + i + ", " + hint);
    }
  }
}
