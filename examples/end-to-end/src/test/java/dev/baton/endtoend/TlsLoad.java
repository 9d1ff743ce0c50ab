package dev.baton.endtoend;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Requests by HTTP/1.1 on TLS, on connections that are kept alive until the server says that they
 * end. Retries nothing.
 */
final class TlsLoad {
  private static final int CLIENTS = 5;
  private static final int EACH_MILLIS = 50;
  private static final int TIMEOUT_MILLIS = 30_000;

  /** One in so many takes two seconds. */
  private static final int SLOW = 20;

  private final InetSocketAddress server;
  private final SSLContext trusting;

  // Mutable state, guarded by this
  private final Set<String> answeredBy = new TreeSet<>();
  private final List<String> failures = new ArrayList<>();
  private long answered;
  private long connections;

  private TlsLoad(InetSocketAddress server, SSLContext trusting) {
    this.server = server;
    this.trusting = trusting;
  }

  static TlsLoad to(InetSocketAddress server) throws GeneralSecurityException {
    return new TlsLoad(server, trusting());
  }

  /** Whose key it is does not matter here. */
  static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    return context;
  }

  /** Sends until the task has ended, then waits for the answers. */
  void during(Http2Load.Task task) throws Exception {
    ScheduledExecutorService clock = Executors.newScheduledThreadPool(CLIENTS);
    List<Client> clients = new ArrayList<>();
    List<Future<?>> sending = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Client client = new Client(i);
      clients.add(client);
      sending.add(clock.scheduleAtFixedRate(client, 0, EACH_MILLIS, TimeUnit.MILLISECONDS));
    }
    boolean ended;
    try {
      task.run();
      ended = sending.stream().anyMatch(Future::isDone);
    } finally {
      clock.shutdown();
    }
    boolean answered = clock.awaitTermination(60, TimeUnit.SECONDS);
    clients.forEach(Client::close);
    if (ended || !answered) {
      throw new AssertionError("a load that ends early, or never: " + this);
    }
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  synchronized Set<String> answeredBy() {
    return Set.copyOf(answeredBy);
  }

  @Override
  public synchronized String toString() {
    return String.format(
        Locale.ROOT,
        "%d requests answered, %d failed, on %d connections, by %d processes",
        answered,
        failures.size(),
        connections,
        answeredBy.size());
  }

  private synchronized void answered(String body) {
    answered++;
    answeredBy.add(body);
  }

  private synchronized void failed(String path, Exception how) {
    failures.add(path + ": " + how);
  }

  private synchronized void connected() {
    connections++;
  }

  /** One connection after the other; one thread at a time. */
  private final class Client implements Runnable {
    // Mutable state
    private int count;
    private @Nullable SSLSocket socket;
    private InputStream input = InputStream.nullInputStream();

    /** Out of step, lest all think at the same time. */
    Client(int number) {
      count = number * SLOW / CLIENTS;
    }

    @Override
    public void run() {
      String path = count++ % SLOW == 0 ? "/slow" : "/";
      try {
        SSLSocket on = socket;
        if (on == null) {
          on = connect();
          socket = on;
        }
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        on.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        if (!read()) {
          close();
        }
      } catch (IOException e) {
        failed(path, e);
        close();
      }
    }

    private SSLSocket connect() throws IOException {
      SSLSocket made = (SSLSocket) trusting.getSocketFactory().createSocket();
      made.setSoTimeout(TIMEOUT_MILLIS);
      made.connect(server);
      input = new BufferedInputStream(made.getInputStream());
      connected();
      return made;
    }

    /** Returns whether the server reads another request. */
    private boolean read() throws IOException {
      String status = line();
      int length = -1;
      boolean goesOn = true;
      for (String header = line(); !header.isEmpty(); header = line()) {
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring("content-length:".length()).strip());
        }
        goesOn &= !lower.matches("connection:\\s*close");
      }
      String body = new String(input.readNBytes(Math.max(0, length)), StandardCharsets.UTF_8);
      if (!status.startsWith("HTTP/1.1 200") || body.length() != length) {
        throw new IOException("answer " + status + " '" + body + "', of length " + length);
      }
      answered(body.strip());
      return goesOn;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      int next = input.read();
      while (next != '\n') {
        if (next < 0) {
          throw new IOException("cut");
        }
        line.append((char) next);
        next = input.read();
      }
      return line.toString().strip();
    }

    private void close() {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        // It has ended already.
      }
      socket = null;
    }
  }
}
