package dev.baton.supervisor.control;

import dev.baton.protocol.Message;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What one waiting command still has to be told. The loop fills it without ever waiting; the
 * command's own thread empties it at the pace of its peer.
 */
final class Feed {
  /** A restart of many workers says a few hundred lines; a peer that reads none costs no more. */
  private static final int MOST = 10_000;

  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>(MOST);

  // Touched on the loop only
  private Set<String> services = Set.of();
  private boolean failed;

  /** From now on it hears of these services. */
  void follow(Set<String> names) {
    services = Set.copyOf(names);
  }

  /** Of a service it may not be interested in. */
  void offerOf(String service, Message message) {
    if (services.contains(service)) {
      offer(message);
    }
  }

  /** One of its steps is over. */
  void failed(boolean step) {
    failed |= step;
  }

  /** What the command has to return if all is over now. */
  int code() {
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  /** Any thread; what does not fit is dropped. */
  void offer(Message message) {
    boolean kept = messages.offer(message);
    assert kept || messages.remainingCapacity() == 0;
  }

  Message take() throws InterruptedException {
    return messages.take();
  }
}
