package dev.baton.supervisor.resource;

import dev.baton.supervisor.config.JavaCommand;
import dev.baton.supervisor.config.Launch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A name for what was staged: the same for the same content, another for any other. */
final class ArtifactVersion {
  private static final int HASH_LETTERS = 12;
  private static final int MOST_LETTERS = 40;

  private ArtifactVersion() {}

  /**
   * The version of what is in the folder.
   *
   * @param staged the launch that runs on it
   */
  static String of(Path folder, Launch staged) throws IOException {
    List<Path> files = files(folder);
    if (files.isEmpty()) {
      return "";
    }
    Path jar = mainJar(staged);
    String own = jar == null ? null : JarManifest.implementationVersion(jar);
    String hash = hash(files);
    return own == null || own.isBlank() ? hash : shortened(own.strip()) + "+" + hash;
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> !Files.isSymbolicLink(file) && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }

  /** The jar whose version counts for the whole: the one that is run, or the first there is. */
  private static @Nullable Path mainJar(Launch staged) {
    JavaCommand java = JavaCommand.of(staged.command());
    return java == null
        ? null
        : java.code().stream()
            .flatMap(code -> Stream.of(code.value().split(":", -1)))
            .map(Path::of)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElse(null);
  }

  /**
   * Covers the names below the directory that all files share, and their content: the same release
   * unpacked somewhere else is the same version.
   */
  private static String hash(List<Path> files) throws IOException {
    Path common = commonFolder(files);
    MessageDigest digest = sha256();
    for (Path file : files) {
      String header = common.relativize(file) + "\0" + Files.size(file) + "\0";
      digest.update(header.getBytes(StandardCharsets.UTF_8));
      Files.copy(file, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LETTERS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static String shortened(String version) {
    String plain = version.replaceAll("[^\\x21-\\x7e]", "_");
    return plain.substring(0, Math.min(MOST_LETTERS, plain.length()));
  }

  private static Path commonFolder(List<Path> files) {
    Path common = files.get(0).resolveSibling("");
    for (Path file : files) {
      while (!file.startsWith(common)) {
        common = common.resolveSibling("");
      }
    }
    return common;
  }
}
