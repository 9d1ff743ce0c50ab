package dev.baton.examples.fdpassing;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Files opened for reading, in the order they were named. */
final class OpenFiles implements Closeable {
  private final List<FileInputStream> streams = new ArrayList<>();

  private OpenFiles() {}

  /** Opens all of them, or none. */
  static OpenFiles open(List<String> names) throws Failure {
    OpenFiles files = new OpenFiles();
    try {
      for (String name : names) {
        files.streams.add(new FileInputStream(name));
      }
      return files;
    } catch (IOException e) {
      files.close();
      throw new Failure(
          "cannot open %s: name files that exist and that you may read"
              .formatted(Failure.reason(e)));
    }
  }

  List<FileDescriptor> descriptors() throws Failure {
    try {
      List<FileDescriptor> descriptors = new ArrayList<>();
      for (FileInputStream stream : streams) {
        descriptors.add(stream.getFD());
      }
      return descriptors;
    } catch (IOException e) {
      throw new Failure("the files are closed already: " + Failure.reason(e));
    }
  }

  @Override
  public void close() {
    for (FileInputStream stream : streams) {
      try {
        stream.close();
      } catch (IOException e) {
        // Nothing was written, so nothing can be lost; the number is free all the same.
      }
    }
  }
}
