package dev.baton.supervisor.resource;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes a supervisor the only one of its name. The kernel drops it with the process. */
public final class Lock implements Closeable {
  private final FileChannel file;

  private Lock(FileChannel file) {
    this.file = file;
  }

  public static Lock take(RunDirectory directory) throws IOException {
    Path path = directory.lock();
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (file.tryLock() == null) {
      file.close();
      throw new ResourceException(
          "EADDRINUSE",
          "a supervisor named "
              + directory.path().getFileName()
              + " is running already; choose another --name, or stop it",
          null);
    }
    return new Lock(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
