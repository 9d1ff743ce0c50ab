package dev.baton.worker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way to the agent, which has the connection to the supervisor. It is on the class path of the
 * JVM; we may be a copy in another class loader, so no type of ours can pass between us.
 */
final class AgentBridge {
  private static final @Nullable Function<Object[], Object> AGENT = find();

  private AgentBridge() {}

  @SuppressWarnings("unchecked") // the type of the field, which is part of no protocol but this
  private static @Nullable Function<Object[], Object> find() {
    try {
      ClassLoader system = ClassLoader.getSystemClassLoader();
      Class<?> bridge = Class.forName("dev.baton.agent.Bridge", true, system);
      return (Function<Object[], Object>) bridge.getField("HOOK").get(null);
    } catch (ReflectiveOperationException | LinkageError e) {
      return null; // this JVM was started by nobody we know
    }
  }

  /** Whether we are a worker of a supervisor; connects to it if that is still to be found out. */
  static boolean attach() {
    return AGENT != null && Boolean.TRUE.equals(AGENT.apply(new Object[] {"attach"}));
  }

  /** That it may get clients. */
  static void ready() {
    tell("ready");
  }

  /** What it does, in one line. */
  static void status(String text) {
    tell("status", text);
  }

  /** The file whose lock is the lease of that name. It is the agent's: never closed. */
  static FileOutputStream leaseFile(String name) throws IOException {
    // It throws IOException, though its type does not say so.
    Object file = AGENT == null ? "" : AGENT.apply(new Object[] {"lease", name});
    if (file instanceof FileOutputStream stream) {
      return stream;
    }
    throw new IOException("the agent of this JVM cannot get the lease " + name);
  }

  /** Has it kept by the supervisor: bytes or a channel. */
  static void store(String name, Object what) throws IOException {
    Object done = AGENT == null ? "" : AGENT.apply(new Object[] {"store", name, what});
    if (!Boolean.TRUE.equals(done)) {
      throw new IOException("the agent of this JVM cannot store " + name);
    }
  }

  /** The descriptor of one of the JDK's channels; negative without an agent. */
  static int number(SelectableChannel channel) {
    Object number = AGENT == null ? "" : AGENT.apply(new Object[] {"number", channel});
    return number instanceof Integer known ? known : -1;
  }

  /** Bytes or a channel; something else when there is nothing. */
  static Object restore(String name) {
    return AGENT == null ? "" : AGENT.apply(new Object[] {"restore", name});
  }

  static void discard(String name) {
    tell("discard", name);
  }

  /** Has it told how this worker stands, now and whenever that changes. */
  static void listen(Consumer<Object[]> listener) {
    tell("listen", listener);
  }

  private static void tell(Object... call) {
    if (AGENT != null) {
      var unused = AGENT.apply(call);
    }
  }

  /** The named log of the supervisor. Its stream is the agent's: to be written, never closed. */
  static LogFile logFile(String name) throws IOException {
    // It throws IOException, though its type does not say so.
    Object log = AGENT == null ? "" : AGENT.apply(new Object[] {"log", name});
    if (log instanceof Object[] parts
        && parts[0] instanceof FileOutputStream stream
        && parts[1] instanceof Path path) {
      return new LogFile(name, stream, path);
    }
    throw new IOException("the agent of this JVM cannot open the log " + name);
  }
}
