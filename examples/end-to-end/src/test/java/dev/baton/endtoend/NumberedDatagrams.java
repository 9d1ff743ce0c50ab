package dev.baton.endtoend;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends numbered datagrams at fixed instants, and expects each back once, from where it was sent
 * to, with the pid of the worker in front. Sends nothing twice.
 */
final class NumberedDatagrams {
  private static final int EVERY_MILLIS = 10;
  private static final int MOST_MILLIS = 5000;

  private final DatagramSocket socket;
  private final InetSocketAddress server;
  private final AtomicInteger sent = new AtomicInteger();
  private final Thread sender = new Thread(this::send, "datagrams-out");
  private final Thread receiver = new Thread(this::receive, "datagrams-in");
  private final Map<Integer, String> answers = new TreeMap<>(); // the receiver's until it ends
  private final List<String> failures = new ArrayList<>(); // guarded by itself
  private volatile boolean stopping;

  private NumberedDatagrams(DatagramSocket socket, InetSocketAddress server) {
    this.socket = socket;
    this.server = server;
  }

  static NumberedDatagrams to(InetSocketAddress server) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.setSoTimeout(MOST_MILLIS);
    NumberedDatagrams begun = new NumberedDatagrams(socket, server);
    begun.receiver.start();
    begun.sender.start();
    return begun;
  }

  /** What happened to them: the pids that answered, which got no answer, what else went wrong. */
  record Outcome(int sent, List<String> pids, List<Integer> unanswered, List<String> failures) {}

  /** Sends no more, and waits for the answers that are outstanding. */
  Outcome stop() throws InterruptedException {
    stopping = true;
    sender.join();
    receiver.join();
    socket.close();
    List<Integer> unanswered = new ArrayList<>();
    for (int i = 0; i < sent.get(); i++) {
      if (!answers.containsKey(i)) {
        unanswered.add(i);
      }
    }
    List<String> pids = answers.values().stream().distinct().toList();
    return new Outcome(sent.get(), pids, unanswered, failures);
  }

  private void send() {
    try {
      while (!stopping) {
        byte[] text = Integer.toString(sent.get()).getBytes(StandardCharsets.US_ASCII);
        sent.incrementAndGet(); // first: its answer must not come before it is counted
        socket.send(new DatagramPacket(text, text.length, server));
        Thread.sleep(EVERY_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      fail("sending ended: " + e);
    }
  }

  private void receive() {
    try {
      while (!stopping || answers.size() < sent.get()) {
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        socket.receive(answer);
        take(answer);
      }
    } catch (SocketTimeoutException e) {
      // Which ones are missing is found at the end.
    } catch (IOException e) {
      fail("receiving ended: " + e);
    }
  }

  private void take(DatagramPacket answer) {
    String text = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
    String[] words = text.split(" ", -1);
    if (!answer.getSocketAddress().equals(server)) {
      fail("'" + text + "' came from " + answer.getSocketAddress());
    }
    if (words.length != 2 || answers.put(Integer.parseInt(words[1]), words[0]) != null) {
      fail("'" + text + "' was not expected, or came twice");
    }
  }

  private void fail(String failure) {
    synchronized (failures) {
      failures.add(failure);
    }
  }
}
