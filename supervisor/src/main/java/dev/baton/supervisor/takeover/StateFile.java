package dev.baton.supervisor.takeover;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.baton.supervisor.resource.JsonReader.MalformedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The state on disk: two files that are overwritten in turn, each with a serial number and a
 * checksum; the younger one that is whole counts. So a write that is cut off costs nothing, and a
 * full disk does not matter: there is no new file and no new block.
 *
 * <p>It is not forced to the disk. It has to outlive us, not the host: with that the workers go,
 * too.
 */
public final class StateFile implements Closeable {
  static final int VERSION = 1;

  /** What the files are called. */
  public static final List<String> NAMES = List.of("state-a.json", "state-b.json");

  private static final int BLOCK = 16 << 10;
  private static final int LEAST = 4 * BLOCK;
  private static final Pattern HEADER_PATTERN =
      Pattern.compile(
          "\\{\"version\":(\\d{1,9}),\"serial\":(\\d{1,18}),\"bytes\":(\\d{1,9}),"
              + "\"crc32c\":\"([0-9a-f]{8})\",\"state\":");
  private static final int LONGEST_HEADER = 128;

  private final FileChannel[] files = new FileChannel[NAMES.size()];

  private final RecordJson json = new RecordJson();

  // Mutable state
  private long serial;

  private StateFile() {}

  /**
   * What was found.
   *
   * @param state null when there is none that can be trusted
   * @param damaged where files were put that cannot
   */
  public record Found(@Nullable State state, List<Path> damaged) {}

  /** Reads what the last supervisor has left; what cannot be trusted is set aside. */
  public static Found read(Path directory) throws IOException {
    State youngest = null;
    long serial = -1;
    List<Path> bad = new ArrayList<>();
    for (String name : NAMES) {
      Path file = directory.resolve(name);
      try {
        String text = Files.readString(file);
        Matcher header = header(text);
        long its = Long.parseLong(header.group(2));
        if (its > serial) {
          youngest = parse(text, header);
          serial = its;
        }
      } catch (NoSuchFileException e) {
        // The first of its name.
      } catch (MalformedException | IOException e) {
        bad.add(file);
      }
    }
    return youngest == null ? new Found(null, setAside(bad)) : new Found(youngest, List.of());
  }

  private static String header(long serial, int bytes, long checksum) {
    return String.format(
        Locale.ROOT,
        "{\"version\":%d,\"serial\":%d,\"bytes\":%d,\"crc32c\":\"%08x\",\"state\":",
        VERSION,
        serial,
        bytes,
        checksum);
  }

  private static Matcher header(String text) throws MalformedException {
    Matcher header = HEADER_PATTERN.matcher(text);
    if (!header.lookingAt()) {
      throw new MalformedException("no header");
    }
    return header;
  }

  private static State parse(String text, Matcher header) throws MalformedException {
    byte[] bytes = text.getBytes(UTF_8);
    int from = text.substring(0, header.end()).getBytes(UTF_8).length;
    int length = Integer.parseInt(header.group(3));
    if (bytes.length - from < length) {
      throw new MalformedException("cut off");
    }
    byte[] state = Arrays.copyOfRange(bytes, from, from + length);
    if (checksum(state) != Long.parseLong(header.group(4), 16)) {
      throw new MalformedException("wrong checksum");
    }
    if (Integer.parseInt(header.group(1)) > VERSION) {
      throw new MalformedException("written by a later version");
    }
    return RecordJson.read(State.class, new String(state, UTF_8));
  }

  private static List<Path> setAside(List<Path> bad) throws IOException {
    List<Path> aside = new ArrayList<>();
    for (Path file : bad) {
      Path to = file.resolveSibling(file.getFileName() + ".damaged");
      Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
      aside.add(to);
    }
    return aside;
  }

  private static long checksum(byte[] text) {
    CRC32C sum = new CRC32C();
    sum.update(text);
    return sum.getValue();
  }

  /** Makes room for what is to be written; what is there stays until it is overwritten. */
  public static StateFile open(Path directory) throws IOException {
    StateFile state = new StateFile();
    try {
      for (int i = 0; i < state.files.length; i++) {
        state.files[i] =
            FileChannel.open(
                directory.resolve(NAMES.get(i)),
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        state.serial = Math.max(state.serial, serial(state.files[i]));
        pad(state.files[i]);
      }
      return state;
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  private static long serial(FileChannel file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(LONGEST_HEADER);
    file.read(start, 0);
    Matcher header = HEADER_PATTERN.matcher(new String(start.array(), 0, start.position(), UTF_8));
    return header.lookingAt() ? Long.parseLong(header.group(2)) : 0;
  }

  private static void pad(FileChannel file) throws IOException {
    long size = file.size();
    if (size < LEAST) {
      byte[] spaces = new byte[(int) (LEAST - size)];
      Arrays.fill(spaces, (byte) ' ');
      write(file, spaces, size);
    }
  }

  private static void write(FileChannel file, byte[] bytes, long at) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      file.write(rest, at + rest.position());
    }
  }

  /** Writes over the older of the two. Blocks for the disk. */
  public void write(State state) throws IOException {
    byte[] text = json.write(state).getBytes(UTF_8);
    long sum = checksum(text);
    FileChannel file = files[(int) ((serial + 1) % files.length)];
    byte[] header = header(serial + 1, text.length, sum).getBytes(UTF_8);
    int length = header.length + text.length + 1;
    int size = Math.max((int) file.size(), (length + BLOCK - 1) / BLOCK * BLOCK);
    byte[] all = new byte[size];
    Arrays.fill(all, (byte) ' '); // over what was longer
    System.arraycopy(header, 0, all, 0, header.length);
    System.arraycopy(text, 0, all, header.length, text.length);
    all[length - 1] = '}';
    write(file, all, 0);
    serial++;
  }

  @Override
  public void close() throws IOException {
    for (FileChannel file : files) {
      if (file != null) {
        file.close();
      }
    }
  }

  /** Removes what is written: nobody is to go on. */
  public static void remove(Path directory) throws IOException {
    for (String name : NAMES) {
      Files.deleteIfExists(directory.resolve(name));
    }
  }
}
