package dev.baton.channel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells junixsocket where its native library lies already, so that not every JVM extracts a copy of
 * its own into the temp directory: that costs each start tens of milliseconds and leaves files
 * behind when the JVM is killed.
 */
public final class NativeLibrary {
  private static final String OVERRIDE = "org.newsclub.net.unix.library.override";

  private NativeLibrary() {}

  /**
   * Must run before the first use of {@link Endpoint}. Without a library for this architecture in
   * the folder it does nothing, and junixsocket helps itself.
   *
   * @param folder holds a sub-folder for each architecture, named as in junixsocket's jar
   */
  public static void useFrom(Path folder) {
    Path here = folder.resolve(System.getProperty("os.arch") + "-Linux-clang").resolve("jni");
    if (System.getProperty(OVERRIDE) != null || !Files.isDirectory(here)) {
      return;
    }
    try (DirectoryStream<Path> libraries = Files.newDirectoryStream(here, "lib*[0-9].so")) {
      for (Path library : libraries) {
        System.setProperty(OVERRIDE, library.toString());
      }
    } catch (IOException e) {
      // Unreadable: the same as absent.
    }
  }
}
