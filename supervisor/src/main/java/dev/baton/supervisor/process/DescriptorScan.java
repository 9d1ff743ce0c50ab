package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the descriptors of a process lead to, by the kernel's word. */
public final class DescriptorScan {
  private DescriptorScan() {}

  /**
   * By number, such as {@code socket:[4711]} or a path; empty when the process is gone, or not ours
   * to look into.
   */
  public static ImmutableMap<Integer, String> of(long pid) {
    Map<Integer, String> found = new HashMap<>();
    Path folder = Path.of("/proc/" + pid + "/fd");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        add(one, found);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return ImmutableMap.of();
    }
    return ImmutableMap.copyOf(found);
  }

  private static void add(Path descriptor, Map<Integer, String> found) {
    try {
      int number = Integer.parseInt(descriptor.getFileName().toString());
      found.put(number, Files.readSymbolicLink(descriptor).toString());
    } catch (IOException e) {
      // Closed meanwhile, as that of the scan itself is.
    }
  }
}
