package dev.baton.supervisor.resource;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.baton.supervisor.config.JavaCommand;
import dev.baton.supervisor.config.Launch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies what a launch runs on, and has it run on the copies. What it names in argument files, in
 * its environment file or in an inherited {@code JAVA_TOOL_OPTIONS} is left alone, and so is the
 * directory it is started in, where it may keep its data.
 */
final class LaunchOnCopies {
  private final Launch launch;
  private final ArtifactCopy copy;
  private final Path directory;

  LaunchOnCopies(Launch launch, ArtifactCopy copy) {
    this.launch = launch;
    this.copy = copy;
    this.directory = Path.of(launch.directory()).toAbsolutePath();
  }

  Launch make() throws IOException {
    Map<Integer, String> code = launch.staging().jars() ? copyCode() : Map.of();
    Mentions mentions = copyPaths();
    List<String> command = new ArrayList<>(launch.command());
    command.replaceAll(mentions::replaceIn);
    command.set(0, program(command.get(0)));
    code.forEach(command::set);
    return new Launch(
        ImmutableList.copyOf(command),
        launch.directory(),
        ImmutableMap.copyOf(Maps.transformValues(launch.environment(), mentions::replaceIn)),
        launch.environmentFile(),
        launch.javaHome(),
        launch.jvmOptions().stream()
            .map(mentions::replaceIn)
            .collect(ImmutableList.toImmutableList()),
        launch.user(),
        launch.staging());
  }

  private Mentions copyPaths() throws IOException {
    Map<String, String> copies = new HashMap<>();
    for (String path : launch.staging().paths()) {
      Path original = directory.resolve(path).normalize();
      String copied = copy.copy(original).toString();
      copies.put(path.replaceFirst("(?<=.)/+$", ""), copied);
      copies.put(original.toString(), copied);
    }
    copies.remove(""); // the directory it starts in; mentioned nowhere and everywhere
    return Mentions.of(copies);
  }

  /** A script that is named from the directory it starts in. */
  private String program(String word) throws IOException {
    Path file = directory.resolve(word).normalize();
    if (word.indexOf('/') < 0 || word.startsWith("/") || !Files.exists(file)) {
      return word;
    }
    Path copied = copy.placeOf(file);
    return Files.exists(copied) ? copied.toString() : word;
  }

  /** The words of the command that name code, as they have to be. */
  private Map<Integer, String> copyCode() throws IOException {
    Map<Integer, String> words = new HashMap<>();
    JavaCommand java = JavaCommand.of(launch.command());
    if (java != null) {
      for (JavaCommand.Code code : java.code()) {
        words.put(code.word(), code.option() + copied(code));
      }
    }
    return words;
  }

  private String copied(JavaCommand.Code code) throws IOException {
    if (code.isJar()) {
      return copy.copyJar(directory.resolve(code.value())).toString();
    }
    List<String> elements = new ArrayList<>();
    for (String element : code.value().split(":", -1)) {
      elements.add(copiedElement(element));
    }
    return String.join(":", elements);
  }

  private String copiedElement(String element) throws IOException {
    boolean isWildcard = element.equals("*") || element.endsWith("/*");
    Path path =
        directory.resolve(isWildcard ? element.substring(0, element.length() - 1) : element);
    if (element.isEmpty() || !Files.exists(path)) {
      return element; // the directory it starts in, or nothing
    }
    if (isWildcard) {
      return copyJarsIn(path.toRealPath()) + "/*";
    }
    return (Files.isDirectory(path) ? copy.copy(path) : copy.copyJar(path)).toString();
  }

  private Path copyJarsIn(Path folder) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.{jar,JAR}")) {
      for (Path jar : jars) {
        if (Files.isRegularFile(jar)) {
          Path copied = copy.copyJar(jar);
          if (Files.isSymbolicLink(jar)) {
            copy.copyLink(jar, copied);
          }
        }
      }
    }
    return copy.placeOf(folder);
  }
}
