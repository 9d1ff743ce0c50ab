package dev.baton.supervisor.process;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.baton.supervisor.config.ConfigException;
import dev.baton.supervisor.resource.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom a worker runs as, if not as whom the supervisor does. */
public record User(String name, long uid, long gid, String home) {
  private static final Path LOCAL_USERS = Path.of("/etc/passwd");
  private static final int FIELDS = 7;

  /**
   * The user of this name or number, if workers have to be made run as that one.
   *
   * @return null for an empty name, and for the user we run as anyway
   * @throws ConfigException if there is no such user, or we may not become it
   */
  public static @Nullable User toBecome(String name) throws ConfigException, IOException {
    if (name.isEmpty()) {
      return null;
    }
    User user = find(name);
    if (user == null) {
      throw new ConfigException(
          "there is no user '" + name + "' on this host; create it, or correct the name");
    }
    int own = RunDirectory.uid();
    if (user.uid == own) {
      return null;
    }
    if (own != 0) {
      throw new ConfigException(
          "cannot run workers as user '"
              + name
              + "': this supervisor runs as uid "
              + own
              + ", and only root may change users; start it as root, or leave the user out");
    }
    if (!Programs.isThere("setpriv")) {
      throw new ConfigException(
          "cannot run workers as user '" + name + "': no setpriv in PATH; install util-linux");
    }
    return user;
  }

  /** What comes in front of a command that shall run as this user; it execs, so the pid is kept. */
  ImmutableList<String> prefix() {
    return ImmutableList.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--init-groups", "--");
  }

  private static @Nullable User find(String name) throws IOException {
    for (String line : Files.readAllLines(LOCAL_USERS, StandardCharsets.ISO_8859_1)) {
      User user = parse(line);
      if (user != null && user.isCalled(name)) {
        return user;
      }
    }
    return askNameService(name);
  }

  private boolean isCalled(String text) {
    return name.equals(text) || Long.toString(uid).equals(text);
  }

  /** Users of a directory service are known to the C library only. */
  private static @Nullable User askNameService(String name) throws IOException {
    if (name.startsWith("-") || !Programs.isThere("getent")) {
      return null;
    }
    Process getent =
        new ProcessBuilder("getent", "passwd", name)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    getent.getOutputStream().close();
    try (var answer = getent.getInputStream()) {
      return parse(new String(answer.readAllBytes(), StandardCharsets.ISO_8859_1).strip());
    }
  }

  private static @Nullable User parse(String line) {
    List<String> fields = Splitter.on(':').splitToList(line);
    try {
      return fields.size() == FIELDS
          ? new User(
              fields.get(0),
              Long.parseLong(fields.get(2)),
              Long.parseLong(fields.get(3)),
              fields.get(5))
          : null;
    } catch (NumberFormatException e) {
      return null; // a comment, or an entry of the name service switch
    }
  }
}
