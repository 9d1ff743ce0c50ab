package dev.baton.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameTest {
  @Test
  void messageComesBackAsItWas() throws Exception {
    Message message = Message.of(Verb.DENY).with("id", 7).with("reason", "a\nb\\n=\rc ü");

    assertEquals(message, decoded(Frame.encode(message)));
  }

  @Test
  void anyTextSurvivesAsAValue() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      String text =
          random
              .ints(random.nextInt(20), 0, 0x250)
              .mapToObj(Character::toString)
              .reduce("", String::concat);
      Message message = Message.of(Verb.OUTPUT).with("line", text);

      assertEquals(message, decoded(Frame.encode(message)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "BIND                 | does not end with a line feed",
        "BIND~id~             | has no '='",
        "BIND~id=1~id=2~      | key id twice",
        "BI ND~               | verb 'BI ND' is not a word",
        "~                    | verb '' is not a word",
        "BIND~i d=1~          | key 'i d' is not a word",
        "BIND~id=\\x~         | unknown escape",
        "BIND~id=\\~          | unknown escape"
      })
  void nonsenseIsRefusedWithItsReason(String text, String reason) {
    byte[] bytes = text.trim().replace('~', '\n').getBytes(UTF_8);

    ProtocolException e = assertThrows(ProtocolException.class, () -> Frame.decode(bytes));

    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
  }

  @Test
  void brokenUtf8IsRefused() {
    byte[] bytes = {'X', (byte) 0xC3, '\n'};

    ProtocolException e = assertThrows(ProtocolException.class, () -> Frame.decode(bytes));

    assertEquals("frame is not UTF-8", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "65537", "2147483647"})
  void impossibleLengthIsRefusedBeforeAnythingIsAllocated(int length) {
    byte[] header = ByteBuffer.allocate(4).putInt(length).array();

    assertThrows(ProtocolException.class, () -> Frame.textBytes(header));
  }

  @Test
  void tooLongAMessageIsNotSent() {
    Message message = Message.of(Verb.OUTPUT).with("line", "x".repeat(Frame.MAX_TEXT_BYTES));

    assertThrows(ProtocolException.class, () -> Frame.encode(message));
  }

  private static Message decoded(byte[] frame) throws ProtocolException {
    byte[] header = Arrays.copyOf(frame, Frame.HEADER_BYTES);
    byte[] text = Arrays.copyOfRange(frame, Frame.HEADER_BYTES, frame.length);
    assertEquals(text.length, Frame.textBytes(header));
    return Frame.decode(text);
  }
}
