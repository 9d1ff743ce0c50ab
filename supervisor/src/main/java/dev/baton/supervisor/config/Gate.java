package dev.baton.supervisor.config;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a new worker has to pass before it gets clients; tried on its private faces. */
public sealed interface Gate permits Gate.Tcp, Gate.Http, Gate.Log, Gate.Exec, Gate.Said {
  /** How long one try may take unless it is configured. */
  Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

  /** How the gate is called in messages, in few words. */
  @Override
  String toString();

  /**
   * That it takes a connection from the queue of each of its stream listeners.
   *
   * @param timeout of one try
   */
  record Tcp(Duration timeout) implements Gate {
    @Override
    public String toString() {
      return "tcp";
    }
  }

  /**
   * That it answers a request.
   *
   * @param tls https, whatever certificate it shows: a private face has nobody's name
   * @param port whose private face the request goes to; 0 for the first tcp listener
   * @param path begins with a slash
   * @param method such as GET
   * @param statuses the first and the last that pass
   * @param body a pattern that is found in what it answers; empty for any
   * @param repeats how many tries in a row must pass
   * @param timeout of one try
   */
  record Http(
      boolean tls,
      int port,
      String path,
      String method,
      Statuses statuses,
      String body,
      int repeats,
      Duration timeout)
      implements Gate {
    @Override
    public String toString() {
      return (tls ? "https:" : "http:") + (port == 0 ? "" : port) + path;
    }
  }

  /** A range of HTTP statuses. */
  record Statuses(int first, int last) {
    private static final Pattern RANGE = Pattern.compile("([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");

    /** What a browser would call success. */
    public static final Statuses GOOD = new Statuses(200, 399);

    /** Reads {@code 204} or {@code 200-299}. */
    public static Statuses parse(String text) throws ConfigException {
      Matcher range = RANGE.matcher(text);
      if (!range.matches()) {
        throw new ConfigException("'" + text + "' is no status; write 200 or 200-299");
      }
      int first = Integer.parseInt(range.group(1));
      int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
      if (last < first) {
        throw new ConfigException("'" + text + "' ends before it begins");
      }
      return new Statuses(first, last);
    }

    public boolean contains(int status) {
      return first <= status && status <= last;
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /**
   * That a line of its output matches.
   *
   * @param pattern found anywhere in a line
   */
  record Log(String pattern) implements Gate {
    @Override
    public String toString() {
      return "log " + pattern;
    }
  }

  /**
   * That a command exits with 0. It finds the private addresses of the worker in {@code
   * BATON_FACES}, one a line: the listener, a space, where to reach this worker.
   *
   * @param command without a shell
   * @param timeout of one try, at which it is killed
   */
  record Exec(ImmutableList<String> command, Duration timeout) implements Gate {
    @Override
    public String toString() {
      return "exec " + String.join(" ", command);
    }
  }

  /** That the worker says so itself, through the SDK. */
  record Said() implements Gate {
    @Override
    public String toString() {
      return "worker";
    }
  }

  Pattern SHORT_HTTP = Pattern.compile("(https?):(\\d{1,5})?(/\\S*)");

  /**
   * Reads the short forms {@code none}, {@code tcp}, {@code worker}, {@code http:/PATH}, {@code
   * http:PORT/PATH} and the same with https.
   */
  static ImmutableList<Gate> parse(String text) throws ConfigException {
    if (text.equals("none")) {
      return ImmutableList.of();
    }
    if (text.equals("tcp")) {
      return ImmutableList.of(new Tcp(DEFAULT_TIMEOUT));
    }
    if (text.equals("worker")) {
      return ImmutableList.of(new Said());
    }
    Matcher http = SHORT_HTTP.matcher(text);
    if (http.matches()) {
      int port = http.group(2) == null ? 0 : Integer.parseInt(http.group(2));
      return ImmutableList.of(get(http.group(1).equals("https"), port, http.group(3)));
    }
    throw new ConfigException(
        "'" + text + "' is no probe; write none, tcp, worker, http:/health or http:8081/health");
  }

  private static Http get(boolean tls, int port, String path) {
    return new Http(tls, port, path, "GET", Statuses.GOOD, "", 1, DEFAULT_TIMEOUT);
  }
}
