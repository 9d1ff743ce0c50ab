package dev.baton.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A view of a log that can be closed without closing the log. */
final class LogStream extends OutputStream {
  private final FileOutputStream file;
  private volatile boolean closed;

  LogStream(FileOutputStream file) {
    this.file = file;
  }

  @Override
  public void write(int b) throws IOException {
    ensureOpen();
    file.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    ensureOpen();
    file.write(bytes, offset, length);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void ensureOpen() throws IOException {
    if (closed) {
      throw new IOException("stream closed");
    }
  }
}
