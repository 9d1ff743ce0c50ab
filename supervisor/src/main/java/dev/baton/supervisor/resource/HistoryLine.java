package dev.baton.supervisor.resource;

import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.core.RestartRecord;
import dev.baton.supervisor.core.RestartRecord.Asker;
import dev.baton.supervisor.core.RestartRecord.Kind;
import dev.baton.supervisor.core.RestartRecord.Phase;
import dev.baton.supervisor.core.RestartRecord.Release;
import dev.baton.supervisor.core.RestartRecord.Result;
import dev.baton.supervisor.resource.JsonReader.MalformedException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A restart record as one line of JSON. */
public final class HistoryLine {
  private HistoryLine() {}

  /** Without a line feed; of ASCII letters only. */
  public static String write(RestartRecord record) {
    return object(
        number("id", record.id()),
        string("service", record.service()),
        string("kind", record.kind().toString()),
        string("by", record.asker().how().toString()),
        string("user", record.asker().user()),
        number("pid", record.asker().pid()),
        string("strategy", record.strategy()),
        member("from", release(record.from())),
        member("to", release(record.to())),
        string("started", record.startedAt().toString()),
        number("took-nanos", record.tookNanos()),
        string("result", record.result().toString()),
        string("reason", record.reason()),
        member(
            "phases",
            record.phases().stream()
                .map(HistoryLine::phase)
                .collect(Collectors.joining(", ", "[", "]"))),
        member(
            "evidence",
            record.evidence().stream()
                .map(HistoryLine::quoted)
                .collect(Collectors.joining(", ", "[", "]"))));
  }

  private static String release(Release release) {
    return object(number("generation", release.generation()), string("version", release.version()));
  }

  private static String phase(Phase phase) {
    return object(
        string("worker", phase.worker()),
        string("state", phase.state()),
        string("reason", phase.reason()),
        number("since-nanos", phase.sinceNanos()));
  }

  private static String object(String... members) {
    return "{" + String.join(", ", members) + "}";
  }

  private static String member(String key, String value) {
    return quoted(key) + ": " + value;
  }

  private static String number(String key, long value) {
    return member(key, Long.toString(value));
  }

  private static String string(String key, String value) {
    return member(key, quoted(value));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') { // so that a byte is a letter, wherever the file is cut
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** Null for a line that was not written by {@link #write}, or not to its end. */
  public static @Nullable RestartRecord read(String line) {
    try {
      Members all = new Members(JsonReader.object(line));
      return new RestartRecord(
          all.number("id"),
          all.string("service"),
          all.constant(Kind.class, "kind"),
          new Asker(all.constant(Asker.How.class, "by"), all.string("user"), all.number("pid")),
          all.string("strategy"),
          all.release("from"),
          all.release("to"),
          Instant.parse(all.string("started")),
          all.number("took-nanos"),
          all.constant(Result.class, "result"),
          all.string("reason"),
          all.phases(),
          all.evidence());
    } catch (MalformedException
        | ClassCastException
        | IllegalArgumentException
        | DateTimeParseException e) {
      return null;
    }
  }

  /** The members of an object; one that is not there, or of another type, is an error. */
  private record Members(Map<String, Object> values) {
    private Object get(String key) throws MalformedException {
      Object value = values.get(key);
      if (value == null) {
        throw new MalformedException("no " + key);
      }
      return value;
    }

    String string(String key) throws MalformedException {
      return (String) get(key);
    }

    long number(String key) throws MalformedException {
      return (Long) get(key);
    }

    <E extends Enum<E>> E constant(Class<E> type, String key) throws MalformedException {
      return Enum.valueOf(type, string(key).toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    Release release(String key) throws MalformedException {
      Members release = of(get(key));
      return new Release(Math.toIntExact(release.number("generation")), release.string("version"));
    }

    ImmutableList<Phase> phases() throws MalformedException {
      ImmutableList.Builder<Phase> phases = ImmutableList.builder();
      for (Object one : (List<?>) get("phases")) {
        Members phase = of(one);
        phases.add(
            new Phase(
                phase.string("worker"),
                phase.string("state"),
                phase.string("reason"),
                phase.number("since-nanos")));
      }
      return phases.build();
    }

    /** Supervisors of before have written none. */
    ImmutableList<String> evidence() {
      Object all = values.get("evidence");
      return all == null
          ? ImmutableList.of()
          : ((List<?>) all)
              .stream().map(String.class::cast).collect(ImmutableList.toImmutableList());
    }

    @SuppressWarnings("unchecked") // the reader makes no other maps
    private static Members of(Object object) {
      return new Members((Map<String, Object>) object);
    }
  }
}
