package dev.baton.supervisor.process;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.resource.JarManifest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Our agent without its API, and its libraries, for the JVM's own class loader: that loads their
 * 250 classes in a third of the time another one takes. An archive that was made without them, or
 * with others, is none for a JVM that is started with them.
 *
 * @param option by which a JVM is told; empty if there are none
 * @param identity the same only for the same jars
 */
record BootPath(ImmutableList<String> option, String identity) {
  private static final String OPTION = "-Xbootclasspath/a:";
  private static final BootPath NONE = new BootPath(ImmutableList.of(), "");

  static BootPath of(Path agent) throws IOException {
    List<Path> jars = JarManifest.classPath(agent, agent);
    if (jars.isEmpty() || !jars.stream().allMatch(Files::exists)) {
      return NONE; // the boot loader sees nothing of where the others are
    }
    StringBuilder identity = new StringBuilder();
    for (Path jar : jars) {
      identity
          .append(jar)
          .append(' ')
          .append(Files.size(jar))
          .append(' ')
          .append(Files.getLastModifiedTime(jar))
          .append('\n');
    }
    String value = Joiner.on(File.pathSeparatorChar).join(jars);
    return new BootPath(ImmutableList.of(OPTION + value), identity.toString());
  }
}
