package dev.baton.supervisor.resource;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.baton.supervisor.config.Launch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The copies that generations run on: whoever overwrites a jar in place neither breaks the class
 * loading of a running or parked generation, nor makes it impossible to return to.
 *
 * <p>A copy, {@code SERVICE/staged/cN}, mirrors the file system from its root on, so that relative
 * references between copies (a manifest's {@code Class-Path}, files beside a jar) hold. Generations
 * of the same content, to the byte, run on the same copy; each has a link to it, {@code gN}, and
 * with the last link the copy goes. What was made from a copy, its class-data archive, lies in
 * {@code SERVICE/archives/cN} and goes with it.
 *
 * <p>Everything here reads and writes files and may take long: never on the loop. For one service,
 * one thread at a time.
 */
public final class StagedArtifacts {
  private static final String FOLDER = "staged";
  private static final String ARCHIVES = "archives";
  private static final String GENERATION = "g";
  private static final String COPY = "c";

  private final Path stateDirectory;

  public StagedArtifacts(Path stateDirectory) {
    this.stateDirectory = stateDirectory.toAbsolutePath().normalize();
  }

  /**
   * Copies what the launch is configured to have copied, unless there is such a copy. Leaves
   * nothing behind when it fails.
   *
   * @return the launch that uses the copies, unchanged if there was nothing to copy
   */
  public Staged stage(String service, int generation, Launch launch) throws IOException {
    try {
      delete(link(service, generation));
      Staged same = onCopyThereIs(service, generation, launch);
      Staged staged = same == null ? onFreshCopy(service, generation, launch) : same;
      dropUnused(service);
      return staged;
    } catch (IOException | RuntimeException e) {
      throw failed(service + " g" + generation, e);
    }
  }

  /** Null if there is none of this content. */
  private @Nullable Staged onCopyThereIs(String service, int generation, Launch launch)
      throws IOException {
    for (Path copy : copies(service)) {
      Staged same = onSame(copy, launch);
      if (same != null) {
        use(copy, service, generation, launch);
        return same;
      }
    }
    return null;
  }

  private Staged onFreshCopy(String service, int generation, Launch launch) throws IOException {
    Path fresh = free(service);
    try {
      ArtifactCopy copy = new ArtifactCopy(fresh, stateDirectory, new Copying());
      Launch onCopies = new LaunchOnCopies(launch, copy).make();
      if (copy.files() == 0) {
        return new Staged(launch, 0, 0);
      }
      use(fresh, service, generation, launch);
      return new Staged(onCopies, copy.files(), copy.bytes());
    } catch (IOException | RuntimeException e) {
      try {
        delete(fresh);
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  private void use(Path copy, String service, int generation, Launch launch) throws IOException {
    if (!launch.user().isEmpty() && RunDirectory.uid() == 0) {
      letOthersPassTo(copy);
    }
    Files.createSymbolicLink(link(service, generation), copy.getFileName());
  }

  /** The launch on a copy that another generation has had made; null if it is of something else. */
  private @Nullable Staged onSame(Path copy, Launch launch) {
    ArtifactCopy compared = new ArtifactCopy(copy, stateDirectory, new Comparing());
    try {
      Launch onCopies = new LaunchOnCopies(launch, compared).make();
      boolean same = compared.files() > 0 && compared.places() == countIn(copy);
      return same ? new Staged(onCopies, compared.files(), compared.bytes()) : null;
    } catch (IOException e) {
      return null; // if it is the original that cannot be read, copying will say so
    }
  }

  /**
   * Whether the originals are, to the byte, what that generation runs on. Reads everything.
   *
   * @param launch on the originals
   * @return false too if it runs on no copy
   */
  public boolean isUnchanged(String service, int generation, Launch launch) throws IOException {
    Path copy = copyOf(service, generation);
    return copy != null && onSame(copy, launch) != null;
  }

  private static long countIn(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.count() - 1;
    }
  }

  /**
   * A name for what a generation runs on: its artifact's own version, if the manifest has one, and
   * a short hash of its content, such as {@code 1.4.2+3f2a9c81b0d4}. Empty if nothing was copied.
   * Reads everything: the launch need not wait for it.
   *
   * @param staged what the generation was launched with
   */
  public String version(String service, int generation, Launch staged) throws IOException {
    Path copy = copyOf(service, generation);
    return copy == null ? "" : ArtifactVersion.of(copy, staged);
  }

  /** The copy a generation runs on; null if nothing was copied. */
  public @Nullable Path copyOf(String service, int generation) throws IOException {
    Path link = folder(service).resolve(GENERATION + generation);
    return Files.exists(link) ? link.toRealPath() : null;
  }

  /** The class-data archive of a copy, which need not exist. */
  public static Path archiveOf(Path copy) {
    return archivesOf(copy).resolve("startup.jsa");
  }

  /** The folder of that, which need not exist either; it is its maker's, and goes with the copy. */
  public static Path archivesOf(Path copy) {
    return copy.resolve("../..").normalize().resolve(ARCHIVES).resolve(copy.getFileName());
  }

  private static ResourceException failed(String what, Exception e) {
    return e instanceof ResourceException refused
        ? new ResourceException(refused.errno(), "cannot stage " + what + ": " + message(e), e)
        : new ResourceException(
            "EIO",
            "cannot stage "
                + what
                + ": "
                + message(e)
                + "; make it readable and see that there is space, or switch staging off",
            e);
  }

  /** The JDK's messages for files are often no more than the path. */
  private static String message(Exception e) {
    if (e instanceof NoSuchFileException missing) {
      return "no such file: " + missing.getFile();
    }
    if (e.getClass() != FileSystemException.class && e instanceof FileSystemException special) {
      return special.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
    return String.valueOf(e.getMessage());
  }

  /** The generation is gone and nobody will return to it. */
  public void drop(String service, int generation) throws IOException {
    delete(link(service, generation));
    dropUnused(service);
  }

  /**
   * Removes what an earlier supervisor has left.
   *
   * @param kept the generations of each service that are still wanted
   */
  public void dropAllExcept(Map<String, Set<Integer>> kept) throws IOException {
    for (Path service : entries(stateDirectory, "")) {
      String name = String.valueOf(service.getFileName());
      Set<Integer> generations = kept.getOrDefault(name, Set.of());
      List<String> names = generations.stream().map(number -> GENERATION + number).toList();
      for (Path link : entries(service.resolve(FOLDER), GENERATION)) {
        if (!names.contains(String.valueOf(link.getFileName()))) {
          delete(link);
        }
      }
      dropUnused(name);
    }
  }

  /**
   * Removes the copies nobody runs on. If nobody runs on any, one that has an archive stays: most
   * probably the service is started again with the same content.
   */
  private void dropUnused(String service) throws IOException {
    Set<Path> used = new HashSet<>();
    for (Path link : entries(folder(service), GENERATION)) {
      if (Files.exists(link)) {
        used.add(link.toRealPath());
      } else {
        delete(link);
      }
    }
    boolean mayKeep = used.isEmpty();
    for (Path copy : copies(service)) {
      boolean keep = used.contains(copy.toRealPath());
      if (!keep && mayKeep && Files.exists(archiveOf(copy))) {
        mayKeep = false;
      } else if (!keep) {
        delete(archivesOf(copy));
        delete(copy);
      }
    }
  }

  /** The newest first. */
  private List<Path> copies(String service) throws IOException {
    List<Path> copies = entries(folder(service), COPY);
    Map<Path, FileTime> times = new HashMap<>();
    for (Path copy : copies) {
      times.put(copy, Files.getLastModifiedTime(copy));
    }
    copies.sort(Comparator.comparing(times::get).reversed());
    return copies;
  }

  private Path free(String service) throws IOException {
    int number = 1;
    while (Files.exists(folder(service).resolve(COPY + number))) {
      number++;
    }
    return folder(service).resolve(COPY + number);
  }

  private static List<Path> entries(Path folder, String prefix) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, prefix + "*")) {
        for (Path one : all) {
          if (Files.isDirectory(one) || Files.isSymbolicLink(one)) {
            found.add(one);
          }
        }
      }
    }
    return found;
  }

  private Path folder(String service) {
    return stateDirectory.resolve(service).resolve(FOLDER);
  }

  private Path link(String service, int generation) throws IOException {
    // An artifact may hold secrets: its copy is for nobody who could not read the original.
    Files.createDirectories(folder(service), Mode.of("rwx------"));
    return folder(service).resolve(GENERATION + generation);
  }

  /** A worker of another user has to reach its copies, but not what else is kept here. */
  private void letOthersPassTo(Path folder) throws IOException {
    Passage.open(stateDirectory.resolveSibling("."));
    Passage.open(stateDirectory);
    Passage.open(folder.resolve("../..").normalize());
    Passage.open(folder.resolve("..").normalize());
    Passage.open(folder);
  }

  /** A link, or a folder with all that is in it. */
  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    } else {
      Files.deleteIfExists(path);
    }
  }
}
