package dev.baton.supervisor.resource;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.baton.supervisor.config.Launch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The copies that generations run on: whoever overwrites a jar in place neither breaks the class
 * loading of a running or parked generation, nor makes it impossible to return to.
 *
 * <p>A generation's folder, {@code SERVICE/staged/gN}, mirrors the file system from its root on, so
 * that relative references between copies (a manifest's {@code Class-Path}, files beside a jar)
 * hold. Everything here reads and writes files and may take long: never on the loop. For one
 * service, one thread at a time.
 */
public final class StagedArtifacts {
  private static final String FOLDER = "staged";

  private final Path stateDirectory;

  public StagedArtifacts(Path stateDirectory) {
    this.stateDirectory = stateDirectory.toAbsolutePath().normalize();
  }

  /**
   * Copies what the launch is configured to have copied. Leaves nothing behind when it fails.
   *
   * @return the launch that uses the copies, unchanged if there was nothing to copy
   */
  public Staged stage(String service, int generation, Launch launch) throws IOException {
    Path folder = folder(service, generation);
    try {
      delete(folder);
      ArtifactCopy copy = new ArtifactCopy(folder, stateDirectory);
      Launch onCopies = new LaunchOnCopies(launch, copy).make();
      if (copy.files() == 0) {
        return new Staged(launch, 0, 0);
      }
      if (!launch.user().isEmpty() && RunDirectory.uid() == 0) {
        letOthersPassTo(folder);
      }
      return new Staged(onCopies, copy.files(), copy.bytes());
    } catch (IOException | RuntimeException e) {
      try {
        delete(folder);
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw failed(service + " g" + generation, e);
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
    return ArtifactVersion.of(folder(service, generation), staged);
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
    delete(folder(service, generation));
  }

  /**
   * Removes what an earlier supervisor has left.
   *
   * @param kept the generations of each service that are still wanted
   */
  public void dropAllExcept(Map<String, Set<Integer>> kept) throws IOException {
    for (Path service : subfolders(stateDirectory)) {
      Set<Integer> generations = kept.getOrDefault(String.valueOf(service.getFileName()), Set.of());
      List<String> names = generations.stream().map(number -> "g" + number).toList();
      for (Path folder : subfolders(service.resolve(FOLDER))) {
        if (!names.contains(String.valueOf(folder.getFileName()))) {
          delete(folder);
        }
      }
    }
  }

  private static List<Path> subfolders(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isDirectory)) {
        all.forEach(found::add);
      }
    }
    return found;
  }

  private Path folder(String service, int generation) throws IOException {
    Path all = stateDirectory.resolve(service).resolve(FOLDER);
    // An artifact may hold secrets: its copy is for nobody who could not read the original.
    Files.createDirectories(all, Mode.of("rwx------"));
    return all.resolve("g" + generation);
  }

  /** A worker of another user has to reach its copies, but not what else is kept here. */
  private void letOthersPassTo(Path folder) throws IOException {
    Passage.open(stateDirectory.resolveSibling("."));
    Passage.open(stateDirectory);
    Passage.open(folder.resolve("../..").normalize());
    Passage.open(folder.resolve("..").normalize());
    Passage.open(folder);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
