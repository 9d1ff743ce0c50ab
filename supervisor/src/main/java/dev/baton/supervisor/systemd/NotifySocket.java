package dev.baton.supervisor.systemd;

import dev.baton.channel.Datagrams;
import dev.baton.jdk.Descriptors;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the service manager is told, as {@code sd_notify(3)} describes it. It neither waits nor
 * fails: of errors the first is reported, and what meets a full queue is kept until it fits. Any
 * thread.
 */
public final class NotifySocket implements Closeable {
  /** Without this variable there is nobody to tell anything, and this class need not be loaded. */
  public static final String VARIABLE = "NOTIFY_SOCKET";

  private static final int LONGEST_NAME = 255;
  private static final long NANOS_OF_HALF_A_MICRO = 500;

  private final String address;
  private final Datagrams datagrams;
  private final long watchdogNanos;
  private final Consumer<String> warnings;

  // Mutable state, guarded by this
  private final Deque<Unsent> unsent = new ArrayDeque<>();
  private boolean isWarned;

  private NotifySocket(String address, long watchdogNanos, Consumer<String> warnings)
      throws IOException {
    this.address = address;
    this.datagrams = Datagrams.to(address);
    this.watchdogNanos = watchdogNanos;
    this.warnings = warnings;
  }

  /** A message that met a full queue; its descriptor is a duplicate of ours, or none. */
  private record Unsent(String message, @Nullable FileDescriptor descriptor) {
    void close() {
      if (descriptor != null) {
        Descriptors.close(descriptor);
      }
    }
  }

  /**
   * Null without {@link #VARIABLE}, or with one that is of no use.
   *
   * @param pid ours; a watchdog may be for somebody else
   * @param warnings gets a sentence for what is wrong
   */
  public static @Nullable NotifySocket of(
      Map<String, String> environment, long pid, Consumer<String> warnings) {
    String address = environment.get(VARIABLE);
    if (address == null || address.isEmpty()) {
      return null;
    }
    try {
      long watchdog = watchdogNanos(environment, pid, warnings);
      return new NotifySocket(address, watchdog, warnings);
    } catch (IOException e) {
      warnings.accept(unreachable(address, e));
      return null;
    }
  }

  private static long watchdogNanos(
      Map<String, String> environment, long pid, Consumer<String> warnings) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String whom = environment.getOrDefault("WATCHDOG_PID", "");
    if (micros.isEmpty() || !(whom.isEmpty() || whom.equals(Long.toString(pid)))) {
      return 0;
    }
    try {
      long half = Math.multiplyExact(Long.parseLong(micros), NANOS_OF_HALF_A_MICRO);
      if (half > 0) {
        return half;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Said below.
    }
    warnings.accept("WATCHDOG_USEC=" + micros + " is no time: the watchdog is not answered");
    return 0;
  }

  /** How often {@link #watchdog} is due: twice in the time we are given; 0 for never. */
  public long watchdogNanos() {
    return watchdogNanos;
  }

  /** The start, or a reload, is done. */
  public void ready(String status) {
    send("READY=1\nSTATUS=" + line(status));
  }

  /** What {@code systemctl status} shows. */
  public synchronized void status(String text) {
    unsent.removeIf(older -> older.message().startsWith("STATUS="));
    send("STATUS=" + line(text));
  }

  /**
   * A reload has begun; its end is {@link #ready}, whatever has come of it.
   *
   * @param monotonicMicros CLOCK_MONOTONIC, which is {@code System.nanoTime() / 1000} on Linux: the
   *     manager compares it with the time of its own request
   */
  public void reloading(long monotonicMicros) {
    send("RELOADING=1\nMONOTONIC_USEC=" + monotonicMicros);
  }

  /** The end has begun. */
  public void stopping() {
    send("STOPPING=1");
  }

  /** We are alive. Not kept: the next one is as good. */
  public synchronized void watchdog() {
    if (flush()) {
      boolean unused = isDone("WATCHDOG=1", null);
    }
  }

  /**
   * Another process takes over. Who is the main process has to say so itself, and before the other
   * says anything: {@code NotifyAccess=main} listens to nobody else.
   */
  public void mainPid(long pid) {
    send("MAINPID=" + pid);
  }

  /**
   * Leaves copies of listeners with the manager, which passes them to whom it starts in our place.
   * What it has already, under whatever name, it does not take twice.
   *
   * @param name to remove them by; see {@link #name}
   */
  public void store(String name, FileDescriptor... descriptors) {
    for (FileDescriptor descriptor : descriptors) {
      // Not watched: an error that is pending on a UDP socket is no reason to forget it.
      send("FDSTORE=1\nFDNAME=" + name(name) + "\nFDPOLL=0", descriptor);
    }
  }

  /** The manager closes its copies of all that were stored under the name. */
  public void remove(String name) {
    send("FDSTOREREMOVE=1\nFDNAME=" + name(name));
  }

  /** The nearest that the manager takes as a name: no colon, nothing but printable ASCII. */
  public static String name(String wanted) {
    String name = wanted.replaceAll("[^!-9;-~]", "_");
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  /**
   * Tries once more to send what met a full queue; so does everything else that is sent.
   *
   * @return whether nothing is left
   */
  public synchronized boolean flush() {
    Unsent first = unsent.peek();
    while (first != null && isDone(first.message(), first.descriptor())) {
      first.close();
      unsent.remove();
      first = unsent.peek();
    }
    return first == null;
  }

  /** Drops what could not be sent. */
  @Override
  public synchronized void close() {
    unsent.forEach(Unsent::close);
    unsent.clear();
  }

  private void send(String message) {
    send(message, null);
  }

  private synchronized void send(String message, @Nullable FileDescriptor descriptor) {
    if (flush() && isDone(message, descriptor)) {
      return;
    }
    try {
      // By the time it fits, the number may be somebody else's.
      unsent.add(new Unsent(message, descriptor == null ? null : duplicate(descriptor)));
    } catch (IOException e) {
      warn(e);
    }
  }

  private static FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
    return Descriptors.of(Descriptors.duplicate(Descriptors.number(descriptor)));
  }

  /** False when the queue is full; what failed is done. */
  private boolean isDone(String message, @Nullable FileDescriptor descriptor) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    try {
      return descriptor == null ? datagrams.send(bytes) : datagrams.send(bytes, descriptor);
    } catch (IOException e) {
      warn(e);
      return true;
    }
  }

  private void warn(IOException e) {
    if (!isWarned) {
      isWarned = true;
      warnings.accept(unreachable(address, e));
    }
  }

  private static String unreachable(String address, IOException e) {
    return "the service manager at NOTIFY_SOCKET=" + address + " is not told: " + e.getMessage();
  }

  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
