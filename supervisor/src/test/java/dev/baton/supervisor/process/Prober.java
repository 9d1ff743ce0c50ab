package dev.baton.supervisor.process;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.Gate;
import java.net.SocketAddress;
import java.util.Map;

/** Tries gates that need to know nothing of the worker but its faces, once. */
final class Prober {
  private Prober() {}

  /** Asks the worker behind these addresses. */
  static Gates.Result probe(ImmutableList<Gate> gates, Map<Address, SocketAddress> faces) {
    return probe(gates, Faces.of(faces));
  }

  static Gates.Result probe(ImmutableList<Gate> gates, Faces faces) {
    return new Gates(gates, new Gates.Subject("", 0, null, new Word())).tryAll(faces);
  }
}
