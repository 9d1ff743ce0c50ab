package dev.baton.supervisor.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of an open file, whose own position stays what it is. */
final class FileRange extends InputStream {
  private final FileChannel file;
  private final long to;

  // Mutable state
  private long position;

  FileRange(FileChannel file, long from, long to) {
    this.file = file;
    this.position = from;
    this.to = to;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int most = (int) Math.min(length, to - position);
    int n = most <= 0 ? -1 : file.read(ByteBuffer.wrap(bytes, from, most), position);
    position += Math.max(n, 0);
    return n;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
