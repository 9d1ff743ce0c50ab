package dev.baton.supervisor.resource;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.baton.supervisor.core.WorkerId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of workers that died, or would not end: a folder for each, the newest of each
 * service. A JVM that crashes writes into a folder of its service, to which its user may write;
 * what it left is moved from there when it is gone. Any thread may call; all but {@link #folder}
 * reads or writes files.
 */
public final class Evidence {
  /** Heap dumps of a service that are kept: each is as large as its heap. */
  static final int MOST_HEAP_DUMPS = 1;

  /** What we and agents write into one file. */
  public static final int MOST_BYTES = 1 << 20;

  private static final String HEAP_DUMP = ".hprof";

  /** As JVMs are told, and call their files by themselves. */
  private static final Pattern LEFT =
      Pattern.compile("(?:hs_err_pid(\\d+)\\.log|java_pid(\\d+)\\.hprof(?:\\.\\d+)?)");

  private final Path state;

  /** Below that directory, which need not exist. */
  public Evidence(Path state) {
    this.state = state;
  }

  /** That of one worker, whether it is there or not. */
  public Path folder(WorkerId worker, long pid) {
    String name = worker.toString().substring(worker.service().length() + 1).replaceAll("\\W", "-");
    return folders(worker.service()).resolve(name + "-pid" + pid);
  }

  private Path folders(String service) {
    return state.resolve(service).resolve("evidence");
  }

  /** Makes a file in a worker's folder, in the place of one of before, for the caller to close. */
  public FileChannel open(Path folder, String name) throws IOException {
    Files.createDirectories(folder, Mode.of("rwx------"));
    Path file = folder.resolve(name);
    Files.deleteIfExists(file); // an agent that was asked before may still write into it
    return FileChannel.open(file, Set.of(CREATE_NEW, APPEND), Mode.of("rw-------"));
  }

  /**
   * What JVMs of the service have left that are not there any more.
   *
   * @param others pids of processes whose turn has not come yet
   */
  public List<Path> left(String service, Set<Long> others) throws IOException {
    List<Path> found = new ArrayList<>();
    Path folder = Crashes.folder(state, service);
    if (Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path one : all) {
          long pid = pid(one);
          if (pid > 0 && !others.contains(pid) && !Files.exists(Path.of("/proc/" + pid))) {
            found.add(one);
          }
        }
      }
    }
    return found;
  }

  /** 0 for what no JVM has called so. */
  private static long pid(Path left) {
    Matcher name = LEFT.matcher(left.getFileName().toString());
    if (!name.matches() || !Files.isRegularFile(left, NOFOLLOW_LINKS)) {
      return 0;
    }
    return Long.parseLong(name.group(1) == null ? name.group(2) : name.group(1));
  }

  /** Moves it into a worker's folder, which is made. */
  public void take(Path left, Path folder) throws IOException {
    Files.createDirectories(folder, Mode.of("rwx------"));
    Files.move(left, folder.resolve(left.getFileName()), REPLACE_EXISTING);
  }

  /** Forgets the oldest folders of a service, if there are more than so many. */
  public void prune(String service, int most) throws IOException {
    List<Path> folders = newestFirst(folders(service), "*");
    for (Path old : folders.subList(Math.min(most, folders.size()), folders.size())) {
      MoreFiles.deleteRecursively(old, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    int heapDumps = 0;
    for (Path folder : newestFirst(folders(service), "*")) {
      FileTime changed = Files.getLastModifiedTime(folder);
      for (Path dump : newestFirst(folder, "*" + HEAP_DUMP + "*")) {
        heapDumps++;
        if (heapDumps > MOST_HEAP_DUMPS) {
          Files.delete(dump);
          Files.setLastModifiedTime(folder, changed); // it is as old as before
        }
      }
    }
  }

  private static List<Path> newestFirst(Path folder, String names) throws IOException {
    record Aged(Path path, FileTime changed) {}
    List<Aged> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, names)) {
        for (Path one : all) {
          found.add(new Aged(one, Files.getLastModifiedTime(one, NOFOLLOW_LINKS)));
        }
      }
    }
    found.sort(Comparator.comparing(Aged::changed).reversed());
    return found.stream().map(Aged::path).toList();
  }
}
