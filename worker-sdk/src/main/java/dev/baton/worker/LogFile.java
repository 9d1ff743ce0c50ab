package dev.baton.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is appended to, by several workers and generations at once. When the supervisor
 * rotates it, what is written next lands in the new file; no line is lost or split, and nobody here
 * notices.
 *
 * <p><b>One write, one piece.</b> Nothing is buffered: each call of a {@code write} is one {@code
 * write(2)}, and what others write comes before it or after it, never between. So write whole
 * lines, with their line feed; or put a buffer around it that is flushed at the end of lines.
 *
 * <p><b>Threads.</b> Any number, without a lock.
 *
 * <p><b>Ownership.</b> The file belongs to this JVM and stays open. Streams and channels are views
 * of it: closing one ends that view alone, and not closing one costs nothing. A thread that is
 * interrupted closes nothing either.
 *
 * <p><b>Errors.</b> A write that the kernel refuses throws its {@link IOException}, on a full disk
 * perhaps with the first part written; the next one may succeed.
 */
public final class LogFile {
  private final String name;
  private final FileOutputStream file;
  private final Path path;

  /**
   * Does not take ownership.
   *
   * @param file open for appending
   * @param path of the same file, at any time
   */
  LogFile(String name, FileOutputStream file, Path path) {
    this.name = name;
    this.file = file;
    this.path = path;
  }

  /** Of a JVM without a supervisor; open until its end. */
  static LogFile local(String name) throws IOException {
    Path path =
        Path.of(System.getProperty("baton.log." + name, "logs/" + name + ".log")).toAbsolutePath();
    Path folder = path.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return new LogFile(name, new FileOutputStream(path.toFile(), true), path);
  }

  /** As it was asked for. */
  public String name() {
    return name;
  }

  /** A new view of the file. After its {@code close} it throws on writing. */
  public OutputStream stream() {
    return new LogStream(file);
  }

  /**
   * A new view of the file, as a channel that is open for appending: its position is always the end
   * of the file, also where an argument says otherwise. Writing several buffers at once is one
   * {@code write(2)}. It cannot be read, mapped, locked or truncated.
   */
  public FileChannel channel() {
    return new LogChannel(file, path);
  }

  @Override
  public String toString() {
    return "log " + name;
  }
}
