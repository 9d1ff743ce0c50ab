package dev.baton.supervisor.resource;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** What a jar says of itself. Of something that is no jar: nothing. */
public final class JarManifest {
  private JarManifest() {}

  /**
   * What its {@code Class-Path} refers to by relative URLs; what it names absolutely would be found
   * there anyway, copied or not.
   *
   * @param jar that is read
   * @param origin where the jar comes from, to which the URLs are relative
   */
  public static List<Path> classPath(Path jar, Path origin) throws IOException {
    List<Path> found = new ArrayList<>();
    String value = value(jar, Attributes.Name.CLASS_PATH);
    for (String entry : Splitter.on(' ').omitEmptyStrings().split(value == null ? "" : value)) {
      Path path = relative(entry, origin);
      if (path != null) {
        found.add(path);
      }
    }
    return found;
  }

  static @Nullable String implementationVersion(Path jar) throws IOException {
    return value(jar, Attributes.Name.IMPLEMENTATION_VERSION);
  }

  private static @Nullable Path relative(String entry, Path origin) {
    try {
      URI uri = URI.create(entry);
      return uri.isAbsolute() || entry.startsWith("/")
          ? null
          : Path.of(origin.toUri().resolve(uri));
    } catch (IllegalArgumentException e) {
      return null; // no URL: the JVM ignores it too
    }
  }

  private static @Nullable String value(Path jar, Attributes.Name name) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      Manifest manifest = file.getManifest();
      return manifest == null ? null : manifest.getMainAttributes().getValue(name);
    } catch (ZipException e) {
      return null;
    }
  }
}
