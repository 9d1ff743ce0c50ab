package dev.baton.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A view of a log that can be closed without closing the log. Not the stream's own channel: that
 * one closes the descriptor under all of us when a thread that writes is interrupted.
 */
final class LogChannel extends FileChannel {
  private static final int TRANSFER_BYTES = 8192;

  private final FileOutputStream file;
  private final Path path;

  LogChannel(FileOutputStream file, Path path) {
    this.file = file;
    this.path = path;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    ensureOpen();
    int length = source.remaining();
    if (source.hasArray()) {
      file.write(source.array(), source.arrayOffset() + source.position(), length);
    } else {
      byte[] bytes = new byte[length];
      source.duplicate().get(bytes);
      file.write(bytes);
    }
    source.position(source.limit()); // only now: who catches the exception may try it again
    return length;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    int size = 0;
    for (int i = offset; i < offset + length; i++) {
      size = Math.addExact(size, sources[i].remaining());
    }
    ByteBuffer whole = ByteBuffer.allocate(size);
    for (int i = offset; i < offset + length; i++) {
      whole.put(sources[i].duplicate());
    }
    int written = write(whole.flip());
    for (int i = offset; i < offset + length; i++) {
      sources[i].position(sources[i].limit());
    }
    return written;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    if (position < 0) {
      throw new IllegalArgumentException("negative position");
    }
    return write(source);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    if (position < 0 || count < 0) {
      throw new IllegalArgumentException("negative position or count");
    }
    ensureOpen();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, TRANSFER_BYTES));
    long transferred = 0;
    while (transferred < count) {
      buffer.clear().limit((int) Math.min(count - transferred, buffer.capacity()));
      if (source.read(buffer) <= 0) {
        break;
      }
      transferred += write(buffer.flip());
    }
    return transferred;
  }

  @Override
  public long position() throws IOException {
    return size();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    if (position < 0) {
      throw new IllegalArgumentException("negative position");
    }
    ensureOpen();
    return this;
  }

  @Override
  public long size() throws IOException {
    ensureOpen();
    return Files.size(path);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    ensureOpen();
    file.getFD().sync();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException("a log is not truncated");
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException("a log is not locked");
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    return lock(position, size, shared);
  }

  @Override
  public int read(ByteBuffer target) {
    throw new NonReadableChannelException();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new NonReadableChannelException();
  }

  @Override
  public int read(ByteBuffer target, long position) {
    throw new NonReadableChannelException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new NonReadableChannelException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new NonReadableChannelException();
  }

  @Override
  protected void implCloseChannel() {
    // The log stays open: it is not ours.
  }

  private void ensureOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }
}
