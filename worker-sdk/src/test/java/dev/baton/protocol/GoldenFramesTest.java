package dev.baton.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/PROTOCOL.md} in bytes: one file for each verb, which must never change. */
final class GoldenFramesTest {
  @ParameterizedTest
  @EnumSource
  void verbStandsOnTheWireAsEver(Verb verb) throws Exception {
    String file = "/golden/" + verb.name().toLowerCase(Locale.ROOT) + ".txt";
    List<String> lines;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream(file), "no golden file " + file)) {
      lines = new String(in.readAllBytes(), UTF_8).lines().toList();
    }
    Message message = written(lines.get(0));
    byte[] golden = HexFormat.of().parseHex(String.join("", lines.subList(1, lines.size())));

    assertEquals(verb.name(), message.verb());
    assertArrayEquals(golden, Frame.encode(message));
    byte[] text = Arrays.copyOfRange(golden, Frame.HEADER_BYTES, golden.length);
    assertEquals(message, Frame.decode(text));
  }

  /** The first line: the verb, then {@code key=value}, between bars. */
  private static Message written(String line) {
    String[] words = line.split(" \\| ", -1);
    Message message = Message.of(Verb.valueOf(words[0]));
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      message = message.with(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    return message;
  }
}
