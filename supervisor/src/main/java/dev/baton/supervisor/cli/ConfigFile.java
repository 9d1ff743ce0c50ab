package dev.baton.supervisor.cli;

import com.google.common.collect.ImmutableMap;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.config.toml.ConfigParser;
import dev.baton.supervisor.config.toml.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** A configuration file on disk. */
final class ConfigFile {
  /** Where it is looked for unless another one is named. */
  static final String DEFAULT = "baton.toml";

  private ConfigFile() {}

  /**
   * Throws an exception whose message has a line for each problem, each beginning with the file.
   */
  static Config read(Path file, Map<String, String> environment) throws ConfigException {
    Path directory = file.toAbsolutePath().normalize().getParent();
    String parent = directory == null ? "/" : directory.toString();
    Source source =
        new Source(file.toString(), parent, nameFor(parent), ImmutableMap.copyOf(environment));
    return ConfigParser.parse(text(file), source);
  }

  /** That of the directory, in the letters a name may have. */
  private static String nameFor(String directory) {
    String last = directory.substring(directory.lastIndexOf('/') + 1);
    String name = last.replaceAll("[^A-Za-z0-9_-]", "-");
    return name.isEmpty() ? "baton" : name.substring(0, Math.min(name.length(), 40));
  }

  private static String text(Path file) throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      // One byte more than the parser takes is enough for it to say so.
      byte[] bytes = in.readNBytes(ConfigParser.LONGEST_TEXT + 1);
      String text = bytes.length > ConfigParser.LONGEST_TEXT ? tooLong(bytes) : decoded(bytes);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": there is no such file; name another one with -f FILE");
    } catch (AccessDeniedException e) {
      throw new ConfigException(file + ": permission denied; make it readable for this user");
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": is not UTF-8; save it in that encoding");
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e.getMessage());
    }
  }

  private static String decoded(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** Cut off somewhere, perhaps within a letter. */
  private static String tooLong(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
