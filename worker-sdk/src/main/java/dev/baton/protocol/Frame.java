package dev.baton.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes of a message: a 4-byte big-endian length, then that many bytes of UTF-8 text: the verb
 * on a line, then a line {@code key=value} for each key. Every line ends with a line feed; in
 * values a backslash is written {@code \\}, a line feed {@code \n}, a carriage return {@code \r}.
 */
public final class Frame {
  /** Bytes of the length in front of each text. */
  public static final int HEADER_BYTES = 4;

  /** The longest text, in bytes: a peer cannot make us hold more than this for it. */
  public static final int MAX_TEXT_BYTES = 64 * 1024;

  private Frame() {}

  /** The whole frame, header included. */
  public static byte[] encode(Message message) throws ProtocolException {
    StringBuilder text = new StringBuilder(word(message.verb(), "verb")).append('\n');
    for (Map.Entry<String, String> field : message.fields().entrySet()) {
      text.append(word(field.getKey(), "key")).append('=').append(escape(field.getValue()));
      text.append('\n');
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    checkLength(bytes.length);
    return ByteBuffer.allocate(HEADER_BYTES + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  /** How many bytes of text follow a header. */
  public static int textBytes(byte[] header) throws ProtocolException {
    return checkLength(ByteBuffer.wrap(header).getInt());
  }

  /** The message in a text, that is in a frame without its header. */
  public static Message decode(byte[] bytes) throws ProtocolException {
    String text = utf8(bytes);
    if (!text.endsWith("\n")) {
      throw new ProtocolException("frame does not end with a line feed");
    }
    String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int equals = lines[i].indexOf('=');
      if (equals < 0) {
        throw new ProtocolException("line " + (i + 1) + " of the frame has no '='");
      }
      String key = word(lines[i].substring(0, equals), "key");
      if (fields.put(key, unescape(lines[i].substring(equals + 1))) != null) {
        throw new ProtocolException("key " + key + " twice");
      }
    }
    return Message.of(word(lines[0], "verb"), fields);
  }

  private static int checkLength(int length) throws ProtocolException {
    if (length < 1 || length > MAX_TEXT_BYTES) {
      throw new ProtocolException(
          "frame of " + length + " bytes, allowed are 1 to " + MAX_TEXT_BYTES);
    }
    return length;
  }

  private static String word(String word, String what) throws ProtocolException {
    boolean legal = !word.isEmpty();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      legal &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    }
    if (!legal) {
      throw new ProtocolException(what + " '" + word + "' is not a word of letters, '_' and '-'");
    }
    return word;
  }

  private static String utf8(byte[] bytes) throws ProtocolException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolException("frame is not UTF-8");
    }
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescape(String value) throws ProtocolException {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      plain.append(c != '\\' ? c : escaped(value, ++i));
    }
    return plain.toString();
  }

  private static char escaped(String value, int index) throws ProtocolException {
    char c = index < value.length() ? value.charAt(index) : ' ';
    return switch (c) {
      case '\\' -> '\\';
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> throw new ProtocolException("unknown escape in a value");
    };
  }
}
