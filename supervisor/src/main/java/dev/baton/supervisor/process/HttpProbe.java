package dev.baton.supervisor.process;

import dev.baton.supervisor.config.Gate;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Whether the worker answers requests as it should, several in a row if that is asked for. */
final class HttpProbe implements Probe {
  private final Gate.Http gate;
  private final Pattern body;

  HttpProbe(Gate.Http gate) {
    this.gate = gate;
    this.body = Pattern.compile(gate.body());
  }

  @Override
  public Gates.Result run(Faces faces) {
    SocketAddress face = HttpFace.choose(gate.port(), faces.addresses());
    if (face == null) {
      String which = gate.port() == 0 ? "no port or path" : "nothing on port " + gate.port();
      return new Gates.Result(false, "it listens on " + which + " that " + gate + " could ask", 0);
    }
    if (gate.tls() && !(face instanceof InetSocketAddress)) {
      return new Gates.Result(false, gate + " cannot be asked over a unix socket; use http", 0);
    }
    Gates.Result result = ask(face);
    for (int i = 2; i <= gate.repeats() && result.passed(); i++) {
      result = ask(face);
      if (!result.passed()) {
        return result.explainedBy(" at request " + i + " of " + gate.repeats());
      }
    }
    return result;
  }

  private Gates.Result ask(SocketAddress face) {
    Deadline deadline = Deadline.after(gate.timeout());
    String problem;
    try (FaceConnection connection = connect(face, deadline)) {
      connection.out().write(request(connection.host()));
      connection.out().flush();
      HttpAnswer answer = HttpAnswer.read(new BufferedInputStream(connection.in()), gate.method());
      return judge(answer, deadline.elapsedNanos());
    } catch (ProtocolException e) {
      problem = " answered with " + e.getMessage();
    } catch (IOException e) {
      // How a late answer fails depends on who was waiting, the socket or TLS.
      problem = deadline.isPast() ? " did not answer within " + deadline : whyNoAnswer(e);
    }
    return new Gates.Result(false, gate.path() + problem, deadline.elapsedNanos());
  }

  private static String whyNoAnswer(IOException e) {
    return " did not answer: " + e.getMessage();
  }

  private FaceConnection connect(SocketAddress face, Deadline deadline) throws IOException {
    return gate.tls()
        ? FaceConnection.openTls((InetSocketAddress) face, deadline)
        : FaceConnection.open(face, deadline);
  }

  private byte[] request(String host) {
    boolean mayHaveBody = !gate.method().equals("GET") && !gate.method().equals("HEAD");
    String request =
        gate.method()
            + " "
            + gate.path()
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nUser-Agent: baton-probe\r\nAccept: */*\r\nConnection: close\r\n"
            + (mayHaveBody ? "Content-Length: 0\r\n" : "")
            + "\r\n";
    return request.getBytes(StandardCharsets.UTF_8);
  }

  private Gates.Result judge(HttpAnswer answer, long nanos) {
    String detail = gate.path() + " answered " + answer.status();
    if (!gate.statuses().contains(answer.status())) {
      return new Gates.Result(false, detail, nanos);
    }
    try {
      boolean found = gate.body().isEmpty() || PatternSearch.find(body, answer.body());
      return found
          ? new Gates.Result(true, detail, nanos)
          : new Gates.Result(
              false, detail + ", but '" + gate.body() + "' is not in its body", nanos);
    } catch (IOException e) {
      return new Gates.Result(false, detail + ", but " + e.getMessage(), nanos);
    }
  }
}
