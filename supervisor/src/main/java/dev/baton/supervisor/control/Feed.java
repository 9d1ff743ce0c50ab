package dev.baton.supervisor.control;

import dev.baton.protocol.Message;
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

  /** Any thread; what does not fit is dropped. */
  void offer(Message message) {
    boolean kept = messages.offer(message);
    assert kept || messages.remainingCapacity() == 0;
  }

  Message take() throws InterruptedException {
    return messages.take();
  }
}
