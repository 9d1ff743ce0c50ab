package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.core.ArchiveUse;
import dev.baton.supervisor.resource.StagedArtifacts;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Class-data archives (AppCDS). A worker writes down which classes it loads; of these a process
 * that runs nothing of the application makes an archive; those that start later take their classes
 * from there.
 *
 * <p>One for each copy of jars, so it can never be of other code than what runs; and the JVM checks
 * that itself. In the folder of the archive lie, besides: {@code key}, for which JVM and options it
 * is; {@code pidN.classes}, what a worker has loaded; {@code set-aside}, why there shall be none.
 */
public final class StartupArchives {
  private static final String KEY = "key";
  private static final String SET_ASIDE = "set-aside";
  private static final String CLASSES = ".classes";

  /** A large application takes ten seconds; it has the lowest priority. */
  private static final Duration MOST = Duration.ofMinutes(3);

  /**
   * How lines of a list begin for which the JVM generates classes when the archive is made: lambdas
   * and what they are linked with. There are no bytes of these anywhere; with an agent, which wants
   * to see the bytes of every class, 17 crashes when it loads one of the JDK's.
   */
  private static final String GENERATED = "@";

  /** How the lines of classes begin that crash 17 when they come out of an archive. */
  private static final String UNARCHIVABLE = "dev/baton/agent/weave/";

  private final Launcher launcher;

  // Written by whoever makes one, read by whoever closes
  private volatile @Nullable Thread maker;
  private volatile boolean closed;

  /**
   * Has made none yet.
   *
   * @param launcher starts the workers
   */
  public StartupArchives(Launcher launcher) {
    this.launcher = launcher;
  }

  /**
   * What a worker is started with.
   *
   * @param options for its JVM
   */
  public record Choice(ArchiveUse use, ImmutableList<String> options) {
    public static final Choice NONE = new Choice(ArchiveUse.NONE, ImmutableList.of());

    static Choice of(ArchiveUse use, String option) {
      return new Choice(use, ImmutableList.of(option));
    }
  }

  /**
   * Whether a worker takes its classes from an archive, or helps to make one.
   *
   * @param copy what it runs on
   * @param launch on that copy
   * @param inherited the supervisor's own environment
   */
  public Choice choose(Path copy, Launch launch, Map<String, String> inherited)
      throws IOException, ConfigException {
    ArchiveSubject subject = subject(copy, launch, inherited);
    if (subject == null) {
      return Choice.NONE;
    }
    Path archive = StagedArtifacts.archiveOf(copy);
    Path folder = StagedArtifacts.archivesOf(copy);
    if (!isFor(subject, folder)) {
      begin(subject, folder);
    } else if (Files.exists(folder.resolve(SET_ASIDE))) {
      return Choice.NONE;
    } else if (Files.exists(archive)) {
      return Choice.of(ArchiveUse.USES, "-XX:SharedArchiveFile=" + archive);
    }
    forgetLists(folder, pid -> ProcessHandle.of(pid).isEmpty());
    // JVMs that a worker starts itself have its environment: the pid tells theirs from its own.
    return Choice.of(
        ArchiveUse.TRAINS, "-XX:DumpLoadedClassList=" + folder.resolve("%p" + CLASSES));
  }

  /** Null for a worker of another user, too: what that writes, we had better not go by. */
  private @Nullable ArchiveSubject subject(Path copy, Launch launch, Map<String, String> inherited)
      throws IOException, ConfigException {
    return User.toBecome(launch.user()) == null
        ? ArchiveSubject.of(
            launch, copy, WorkerEnvironment.of(launch, inherited, null), launcher.bootPath())
        : null;
  }

  private static boolean isFor(ArchiveSubject subject, Path folder) throws IOException {
    Path key = folder.resolve(KEY);
    return Files.exists(key) && Files.readString(key).equals(subject.key());
  }

  /** What was made for another JVM, or with other options, is of no use any more. */
  private static void begin(ArchiveSubject subject, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder)) {
      for (Path one : old) {
        Files.delete(one);
      }
    }
    Files.writeString(folder.resolve(KEY), subject.key());
  }

  /**
   * Makes the archive of what a worker has loaded so far, unless there is one. Takes seconds, of a
   * whole processor if that has nothing else to do.
   *
   * @return what there is to say about it; empty if nothing
   */
  public String make(Path copy, Launch launch, Map<String, String> inherited, long pid)
      throws IOException, ConfigException {
    ArchiveSubject subject = subject(copy, launch, inherited);
    Path folder = StagedArtifacts.archivesOf(copy);
    Path archive = StagedArtifacts.archiveOf(copy);
    Path loaded = folder.resolve("pid" + pid + CLASSES); // as %p becomes
    boolean wanted =
        subject != null
            && isFor(subject, folder)
            && Files.exists(loaded)
            && !Files.exists(archive)
            && !Files.exists(folder.resolve(SET_ASIDE));
    if (subject == null || !wanted) {
      return "";
    }
    Path list = folder.resolve("list");
    Path fresh = folder.resolve("fresh.jsa");
    maker = Thread.currentThread();
    try {
      Files.write(list, archivable(Files.readAllLines(loaded)));
      String trouble = closed ? "the supervisor ends" : run(subject.dump(list, fresh));
      if (trouble.isEmpty() && !Files.exists(fresh)) {
        trouble = "the JVM has made none";
      }
      trouble = trouble.isEmpty() ? run(subject.trial(list, fresh, launcher.agent())) : trouble;
      if (closed) {
        return "";
      } else if (!trouble.isEmpty()) {
        setAside(copy, trouble);
        return "no startup archive: " + trouble;
      }
      Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
      return "startup archive made, " + (Files.size(archive) >> 20) + " MiB";
    } finally {
      maker = null;
      var unused = Thread.interrupted(); // the thread has other things to do
      Files.deleteIfExists(fresh);
      Files.deleteIfExists(list);
      forgetLists(folder, one -> true); // those of its siblings, too
    }
  }

  /** Removes what workers have loaded; who still writes into one does not mind. */
  private static void forgetLists(Path folder, LongPredicate whose) throws IOException {
    try (DirectoryStream<Path> lists = Files.newDirectoryStream(folder, "pid*" + CLASSES)) {
      for (Path list : lists) {
        String name = String.valueOf(list.getFileName());
        String pid = name.substring("pid".length(), name.length() - CLASSES.length());
        if (pid.matches("\\d{1,18}") && whose.test(Long.parseLong(pid))) {
          Files.deleteIfExists(list);
        }
      }
    }
  }

  /** The worker goes on writing: its last line may be half there. */
  private static List<String> archivable(List<String> lines) {
    return lines.subList(0, Math.max(0, lines.size() - 1)).stream()
        .filter(line -> !line.startsWith(GENERATED) && !line.startsWith(UNARCHIVABLE))
        .toList();
  }

  /** Runs one of the commands; returns what went wrong, empty if nothing. */
  private static String run(List<String> command) throws IOException {
    List<String> words = new ArrayList<>();
    if (Programs.isThere("nice")) {
      words.addAll(List.of("nice", "-n", "19"));
    }
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    WorkerEnvironment.ofHelper(builder.environment());
    CommandRun.Ended ended = CommandRun.run(builder, Deadline.after(MOST));
    if (!ended.inTime()) {
      return "it took longer than " + MOST.toMinutes() + " minutes";
    }
    return ended.exitCode() == 0 ? "" : "exit " + ended.exitCode() + ": " + ended.lastLine();
  }

  /** From now on nobody uses the archive, nor makes one for the same. */
  public void setAside(Path copy, String reason) throws IOException {
    Files.writeString(StagedArtifacts.archivesOf(copy).resolve(SET_ASIDE), reason + "\n");
    Files.deleteIfExists(StagedArtifacts.archiveOf(copy));
  }

  /** Ends what is being made. */
  public void close() {
    closed = true;
    Thread making = maker;
    if (making != null) {
      making.interrupt();
    }
  }
}
