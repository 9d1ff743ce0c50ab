package dev.baton.supervisor.loop;

import dev.baton.channel.Connection.Received;
import dev.baton.protocol.Message;
import dev.baton.protocol.ProtocolException;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.Address;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.ListenerConfig;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.ListenerTable;
import dev.baton.supervisor.resource.ListenerTable.Place;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.List;

/** What a worker that has come back offers: taken back, or closed if we have it. On the loop. */
final class Offers {
  private final WorkerId id;
  private final WorkerHandle worker;
  private final ListenerTable<WorkerId> listeners;
  private final Logs logs;

  Offers(WorkerId id, WorkerHandle worker, ListenerTable<WorkerId> listeners, Logs logs) {
    this.id = id;
    this.worker = worker;
    this.listeners = listeners;
    this.logs = logs;
  }

  /** Takes one offer; its descriptors are ours, or closed, even when this throws. */
  void take(Received received, Takeover takeover) throws IOException {
    Message offer = received.message();
    List<FileDescriptor> descriptors = received.descriptors();
    String wanted = offer.has("listener") ? "shared,private" : offer.has("log") ? "log" : "";
    int count = wanted.isEmpty() ? 0 : wanted.split(",", -1).length;
    if (descriptors.size() != count || !offer.text("fds", "").equals(wanted)) {
      received.closeDescriptors();
      if (offer.is(Verb.REATTACHED)) {
        return;
      }
      throw new ProtocolException(
          "not an offer: " + offer + ", descriptors: " + descriptors.size());
    }
    if (offer.has("listener")) {
      listener(offer, descriptors, takeover);
    } else if (offer.has("log")) {
      ServiceConfig config = worker.generation().config();
      logs.reclaim(id, offer.text("log"), descriptors.get(0), config);
    }
  }

  private void listener(Message offer, List<FileDescriptor> descriptors, Takeover takeover)
      throws IOException {
    Address address = address(offer.text("listener"), descriptors);
    ListenerConfig config =
        worker.generation().config().listeners().stream()
            .filter(one -> one.address().equals(address))
            .findFirst()
            .orElse(null);
    Place place = new Place(id.service(), id.slot());
    if (listeners.reclaim(id, place, address, config, descriptors)) {
      takeover.tookBackListener();
    }
    worker.offers(
        address.toString(),
        offer.flag("listening"),
        offer.flag("switchable"),
        offer.text("face").equals("shared"));
  }

  private static Address address(String listener, List<FileDescriptor> descriptors)
      throws ProtocolException {
    try {
      return Address.parse(listener);
    } catch (ConfigException e) {
      new Received(Message.of(Verb.REOFFER), descriptors).closeDescriptors();
      throw new ProtocolException(String.valueOf(e.getMessage()));
    }
  }
}
