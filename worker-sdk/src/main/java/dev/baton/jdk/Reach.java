package dev.baton.jdk;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether this JDK has inside what we reach for, found out before anything depends on it: the
 * members this package uses, and the methods the agent hooks.
 */
public final class Reach {
  /** Fields and methods that are read, written or called. */
  private static final List<String> USED =
      List.of(
          "java.io.FileDescriptor.fd",
          "sun.nio.ch.InheritedChannel.dup",
          "sun.nio.ch.InheritedChannel.dup2",
          "sun.nio.ch.EPoll.ctl",
          "sun.nio.ch.NativeThread.signal",
          "sun.nio.ch.Net.getIntOption0",
          "sun.nio.ch.Net.poll",
          "sun.nio.ch.Net.localAddress",
          "sun.nio.ch.Net.remoteAddress",
          "sun.nio.ch.UnixDomainSockets.localAddress",
          "sun.nio.ch.ServerSocketChannelImpl.fd",
          "sun.nio.ch.ServerSocketChannelImpl.thread",
          "sun.nio.ch.ServerSocketChannelImpl.stateLock",
          "sun.nio.ch.ServerSocketChannelImpl.localAddress",
          "sun.nio.ch.SocketChannelImpl.fd",
          "sun.nio.ch.DatagramChannelImpl.fd",
          "sun.nio.ch.DatagramChannelImpl.readerThread",
          "sun.nio.ch.DatagramChannelImpl.stateLock",
          "sun.nio.ch.NioSocketImpl.readerThread",
          "sun.nio.ch.NioSocketImpl.stateLock",
          "sun.nio.ch.NioSocketImpl.state",
          "java.lang.ProcessHandleImpl.waitForProcessExit0");

  /** Methods the agent hooks: they need to be there, not to be open. */
  private static final List<String> HOOKED =
      List.of(
          "sun.nio.ch.Net.bind",
          "sun.nio.ch.UnixDomainSockets.bind",
          "sun.nio.ch.ServerSocketChannelImpl.netBind",
          "sun.nio.ch.ServerSocketChannelImpl.unixBind",
          "sun.nio.ch.AsynchronousServerSocketChannelImpl.bind",
          "sun.nio.ch.NioSocketImpl.bind",
          "sun.nio.ch.DatagramChannelImpl.bindInternal",
          "sun.nio.fs.UnixFileSystemProvider.implDelete",
          "java.io.UnixFileSystem.delete");

  private Reach() {}

  /** What is missing or closed, in words; empty on a JDK that will do. */
  public static List<String> problems() {
    List<String> problems = new ArrayList<>();
    USED.forEach(member -> check(member, true, problems));
    HOOKED.forEach(member -> check(member, false, problems));
    return problems;
  }

  static void check(String qualified, boolean opened, List<String> problems) {
    int dot = qualified.lastIndexOf('.');
    String name = qualified.substring(dot + 1);
    List<AccessibleObject> found;
    try {
      found = members(Internals.type(qualified.substring(0, dot)), name);
    } catch (IllegalStateException e) {
      found = List.of();
    }
    if (found.isEmpty()) {
      problems.add(qualified + " is missing");
    } else if (opened && !found.stream().allMatch(AccessibleObject::trySetAccessible)) {
      problems.add(qualified + " is not open");
    }
  }

  private static List<AccessibleObject> members(Class<?> type, String name) {
    return Stream.concat(
            Arrays.stream(type.getDeclaredFields()), Arrays.stream(type.getDeclaredMethods()))
        .filter(member -> ((Member) member).getName().equals(name))
        .map(AccessibleObject.class::cast)
        .toList();
  }
}
