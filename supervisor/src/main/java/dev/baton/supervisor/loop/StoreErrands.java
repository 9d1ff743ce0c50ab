package dev.baton.supervisor.loop;

import dev.baton.channel.Connection.Received;
import dev.baton.jdk.Descriptors;
import dev.baton.protocol.Message;
import dev.baton.protocol.Verb;
import dev.baton.supervisor.config.StorePolicy;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.resource.ResourceException;
import dev.baton.supervisor.resource.Store;
import dev.baton.supervisor.resource.Store.Kept;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What workers have kept for those that come after them, and ask for. On the loop. */
final class StoreErrands {
  private static final Logger LOG = System.getLogger(StoreErrands.class.getName());

  private static final String BYTES = "bytes";
  private static final String CONNECTION = "connection";

  private final Store store;
  private final Executor files;
  private final Inbox inbox;
  private final Sender sender;

  /** Sends to a worker, if it is still there. */
  interface Sender {
    void send(WorkerId id, Message message, FileDescriptor... descriptors) throws IOException;
  }

  /**
   * Begins with what the store has.
   *
   * @param files runs what copies
   */
  StoreErrands(Store store, Executor files, Inbox inbox, Sender sender) {
    this.store = store;
    this.files = files;
    this.inbox = inbox;
    this.sender = sender;
  }

  static boolean isOne(Message message) {
    return message.is(Verb.STORE) || message.is(Verb.RESTORE) || message.is(Verb.DISCARD);
  }

  /** Does it, at once or in a while. Closes what came with the message. */
  void run(WorkerId id, StorePolicy policy, Received received) throws IOException {
    Message asked = received.message();
    boolean leftOpen = false;
    try {
      if (asked.is(Verb.STORE) && received.descriptors().size() == 1) {
        leftOpen = store(id, policy, received);
      } else if (asked.is(Verb.RESTORE)) {
        restore(id, policy, asked);
      } else if (asked.is(Verb.DISCARD)) {
        store.discard(id.service(), asked.text("name"));
        done(id, asked);
      } else {
        throw new ResourceException("EINVAL", "not one descriptor came with it", null);
      }
    } catch (ResourceException e) {
      deny(id, asked, e);
    } finally {
      if (!leftOpen) {
        received.closeDescriptors();
      }
    }
  }

  /** Returns whether the descriptor is still needed. */
  private boolean store(WorkerId id, StorePolicy policy, Received received) throws IOException {
    Message asked = received.message();
    FileDescriptor what = received.descriptors().get(0);
    if (asked.text("fds").equals(CONNECTION)) {
      store.keep(id.service(), asked.text("name"), what, policy);
      done(id, asked);
      expireLater(id.service(), policy);
      return false;
    }
    files.execute(() -> copy(id, policy, received));
    return true;
  }

  private void copy(WorkerId id, StorePolicy policy, Received received) {
    Message asked = received.message();
    try {
      Path copy =
          store.copy(id.service(), asked.text("name"), received.descriptors().get(0), policy);
      inbox.post(now -> keep(id, policy, asked, copy));
    } catch (ResourceException e) {
      inbox.post(now -> denyQuietly(id, asked, e));
    } catch (IOException e) {
      LOG.log(Level.WARNING, id + ": " + e.getMessage()); // it has sent no name
    } finally {
      received.closeDescriptors();
    }
  }

  private void keep(WorkerId id, StorePolicy policy, Message asked, Path copy) {
    try {
      store.keep(id.service(), asked.text("name"), copy, policy);
      done(id, asked);
      expireLater(id.service(), policy);
    } catch (ResourceException e) {
      denyQuietly(id, asked, e);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, id + " is gone, what it has stored is kept");
    }
  }

  /** A peer of a connection that nobody comes for must not wait for ever. */
  private void expireLater(String service, StorePolicy policy) {
    CompletableFuture.delayedExecutor(policy.expires().toMillis() + 1, TimeUnit.MILLISECONDS)
        .execute(() -> inbox.post(now -> expire(service, policy)));
  }

  private void expire(String service, StorePolicy policy) {
    try {
      store.expire(service, policy);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot throw away what " + service + " has stored", e);
    }
  }

  private void restore(WorkerId id, StorePolicy policy, Message asked) throws IOException {
    String name = asked.text("name");
    Kept kept = store.restore(id.service(), name, policy);
    if (kept == null) {
      throw new ResourceException("ENOENT", "nothing is stored as '" + name + "'", null);
    }
    Message grant = Message.of(Verb.GRANT).with("id", asked.text("id")).with("stored", name);
    try (FileChannel bytes = kept.bytes()) {
      FileDescriptor connection = kept.connection();
      if (bytes != null) {
        sender.send(id, grant.with("fds", BYTES), Descriptors.of(bytes));
      } else if (connection != null) {
        sender.send(id, grant.with("fds", CONNECTION), connection);
      }
    }
  }

  private void done(WorkerId id, Message asked) throws IOException {
    sender.send(id, Message.of(Verb.DONE).with("id", asked.text("id")));
  }

  private void deny(WorkerId id, Message asked, ResourceException why) throws IOException {
    sender.send(id, WorkerMessages.denial(asked.text("id"), why));
  }

  private void denyQuietly(WorkerId id, Message asked, ResourceException why) {
    try {
      deny(id, asked, why);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, id + " is gone, and does not learn that: " + why.getMessage());
    }
  }

  /** For the audit: the connections that are kept. */
  void addTo(Map<String, Audit.Item> items) {
    store
        .connections()
        .forEach(
            (label, connection) ->
                items.put(
                    Descriptors.target(Descriptors.number(connection)),
                    new Audit.Item("stored", label.toString(), label.service())));
  }

  /** Lets go of what is held. */
  void close() {
    store.close();
  }
}
