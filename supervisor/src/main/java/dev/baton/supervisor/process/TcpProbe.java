package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Whether the worker takes a connection from the queue of each of its stream listeners. */
final class TcpProbe implements Probe {
  private static final long LOOK_AGAIN_NANOS = 2_000_000;

  private final Gate.Tcp gate;

  TcpProbe(Gate.Tcp gate) {
    this.gate = gate;
  }

  @Override
  public Gates.Result run(Faces faces) {
    long slowestNanos = 0;
    for (Map.Entry<Address, SocketAddress> face : faces.addresses().entrySet()) {
      Address listener = face.getKey();
      if (listener.isStream()) {
        Deadline deadline = Deadline.after(gate.timeout());
        BooleanSupplier waits = () -> faces.isAnybodyWaiting(listener);
        String problem = whyNotAccepted(face.getValue(), waits, deadline);
        slowestNanos = Math.max(slowestNanos, deadline.elapsedNanos());
        if (!problem.isEmpty()) {
          return new Gates.Result(false, listener + " " + problem, slowestNanos);
        }
      }
    }
    return new Gates.Result(true, "accepts connections", slowestNanos);
  }

  private static String whyNotAccepted(
      SocketAddress face, BooleanSupplier waits, Deadline deadline) {
    try {
      FaceConnection connection = FaceConnection.open(face, deadline);
      try {
        return isTaken(waits, deadline) ? "" : "does not accept connections";
      } finally {
        connection.close();
      }
    } catch (IOException e) {
      return "cannot be connected: " + e.getMessage();
    }
  }

  /** The kernel completes connections; only an empty queue says that the worker took ours. */
  private static boolean isTaken(BooleanSupplier waits, Deadline deadline) {
    while (waits.getAsBoolean()) {
      if (deadline.isPast() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS); // nobody tells when a queue gets empty
    }
    return true;
  }
}
