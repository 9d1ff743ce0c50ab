package dev.baton.supervisor.resource;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.baton.jdk.Descriptors;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;

/** Makes a supervisor the only one of its name. The kernel drops it with the process. */
public final class Lock implements Closeable {
  private final FileChannel file;

  private Lock(FileChannel file) {
    this.file = file;
  }

  public static Lock take(RunDirectory directory) throws IOException {
    while (true) {
      directory.create(); // a supervisor that ends at this moment removes it
      FileChannel file;
      try {
        file = FileChannel.open(directory.lock(), CREATE, WRITE);
      } catch (NoSuchFileException e) {
        continue;
      }
      try {
        if (file.tryLock() == null) {
          throw taken(directory);
        }
        if (!isRemoved(file)) {
          return new Lock(file);
        }
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
      file.close(); // locked what that supervisor had just removed
    }
  }

  private static boolean isRemoved(FileChannel file) {
    return Descriptors.target(Descriptors.number(Descriptors.of(file))).endsWith(" (deleted)");
  }

  private static ResourceException taken(RunDirectory directory) {
    return new ResourceException(
        "EADDRINUSE",
        "a supervisor named "
            + directory.path().getFileName()
            + " is running already; choose another --name, or stop it",
        null);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
