package dev.baton.channel;

import java.nio.file.Path;

/**
 * Tells junixsocket where its native library lies already, so that not every JVM extracts a copy of
 * its own into the temp directory: that costs each start tens of milliseconds and leaves files
 * behind when the JVM is killed.
 */
public final class NativeLibrary {
  private static final String OVERRIDE = "org.newsclub.net.unix.library.override";
  private static final String SUFFIX = ".so";

  private NativeLibrary() {}

  /** Where it lies in an installation: beside the folder of the jars. */
  public static Path folderOf(Path jar) {
    return jar.resolveSibling("../native/lib").normalize();
  }

  /**
   * Must run before the first use of {@link Endpoint}. Without a library for this architecture in
   * the folder it does nothing, and junixsocket helps itself.
   *
   * @param folder holds a sub-folder for each architecture, named as in junixsocket's jar
   */
  public static void useFrom(Path folder) {
    Path here = folder.resolve(System.getProperty("os.arch") + "-Linux-clang").resolve("jni");
    // Not a DirectoryStream, whose patterns and locks cost more than what is looked for saves.
    String[] files = here.toFile().list();
    if (System.getProperty(OVERRIDE) != null || files == null) {
      return;
    }
    for (String file : files) {
      if (file.startsWith("lib") && file.endsWith(SUFFIX) && isNumbered(file)) {
        System.setProperty(OVERRIDE, here.resolve(file).toString());
      }
    }
  }

  /** Beside the library lies one that needs less of the host, and can do less. */
  private static boolean isNumbered(String file) {
    return Character.isDigit(file.charAt(file.length() - SUFFIX.length() - 1));
  }
}
