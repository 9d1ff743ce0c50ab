package dev.baton.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Several services in a {@code baton.toml}, and the supervisor that runs them. */
final class Team {
  /** Of JVMs, from the first second on. */
  private static final String FIGURES =
      ", \"(java|jvm-up-nanos|heap|heap-max|gc-permille|threads|classes)\": (\\d+|null|\"[^\"]*\")";

  private static final String NAME = "team";
  private static final int RESTING_LOOKS = 20;

  // Fields of a line in /proc/net
  private static final int TCP_INODE = 9;
  private static final int UNIX_INODE = 6;

  private final Machine machine;
  private final Path file;
  private @Nullable Supervisor supervisor;

  Team(Machine machine) {
    this.machine = machine;
    this.file = machine.folder().resolve("baton.toml");
  }

  Path file() {
    return file;
  }

  /** Writes the file: its name, then these parts. */
  Team configure(String... parts) throws IOException {
    Files.writeString(file, "name = \"" + NAME + "\"\n\n" + String.join("\n", parts));
    return this;
  }

  /**
   * The part of one service.
   *
   * @param lines what follows its command: keys first, then tables
   */
  static String service(String name, List<String> command, String... lines) {
    return "[service."
        + name
        + "]\n"
        + ("command = " + array(command) + "\n")
        + Stream.of(lines).map(line -> line + "\n").collect(Collectors.joining());
  }

  static String array(List<String> words) {
    return words.stream().map(Team::string).collect(Collectors.joining(", ", "[", "]"));
  }

  /** As the file has it: with escapes of its own, and a dollar that stands for itself. */
  private static String string(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$") + '"';
  }

  static String listen(List<Integer> ports) {
    return "listen = " + array(ports.stream().map(port -> "127.0.0.1:" + port).toList());
  }

  /** Runs the file, and waits for nothing but that commands are answered. */
  Supervisor begin() throws Exception {
    Supervisor begun = machine.start(List.of("-f", file.toString()));
    supervisor = begun;
    begun.await("it supervises", "baton: supervising " + NAME);
    return begun;
  }

  /** Runs the file, and waits until every service serves. */
  Supervisor run() throws Exception {
    Supervisor begun = begin();
    awaitServing();
    return begun;
  }

  void awaitServing() throws Exception {
    Await.until("all services serve", () -> look().phases().equals(Set.of("serving")));
  }

  private Path socket() {
    return machine.run().resolve(NAME).resolve("control.sock");
  }

  /** How everything is at this moment. */
  Look look() throws IOException {
    try (Conversation status = Conversation.begin(socket(), "STATUS", Map.of())) {
      return new Look(status.rest());
    }
  }

  /** Asks for something as a command would, and does not wait for the answer. */
  Conversation ask(String verb, Map<String, String> keys) throws IOException {
    return Conversation.begin(socket(), verb, keys);
  }

  /** What {@code status --json} says, without what changes by itself. */
  String steadyJson() throws Exception {
    return machine
        .baton("status", "--json")
        .out()
        .replaceAll("\"(rss|up-nanos|since-nanos|queue|bytes)\": \\d+", "\"$1\": 0")
        .replaceAll(FIGURES, "");
  }

  /** The sockets on which the supervisor listens: each is called by its inode. */
  Set<String> listening() throws IOException {
    Set<String> listening = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
      addInode(line, " 0A ", TCP_INODE, listening);
    }
    for (String line : Files.readAllLines(Path.of("/proc/net/tcp6"))) {
      addInode(line, " 0A ", TCP_INODE, listening);
    }
    for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
      addInode(line, " 00010000 ", UNIX_INODE, listening);
    }
    listening.retainAll(descriptors());
    return listening;
  }

  /** The inode of the socket that listens at that port, whoever holds it. */
  static String inode(int port) throws IOException {
    String local = String.format(Locale.ROOT, ":%04X ", port);
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
    lines.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
    Set<String> inodes = new TreeSet<>();
    lines.stream()
        .filter(line -> line.contains(local) && line.contains(":0000 0A "))
        .forEach(line -> addInode(line, " 0A ", TCP_INODE, inodes));
    return inodes.toString();
  }

  /** The inodes of what is bound to a UDP port and to a path. */
  Set<String> bound(int udp, Path path) throws IOException {
    String local = String.format(Locale.ROOT, ":%04X ", udp);
    Set<String> inodes = new TreeSet<>();
    for (String table : List.of("udp", "udp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
        if (line.contains(local)) {
          addInode(line, " ", TCP_INODE, inodes);
        }
      }
    }
    for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
      if (line.endsWith(" " + path)) {
        addInode(line, " 00010000 ", UNIX_INODE, inodes);
      }
    }
    return inodes;
  }

  private static void addInode(String line, String state, int field, Set<String> inodes) {
    if (line.contains(state)) {
      inodes.add("socket:[" + line.strip().split("\\s+", -1)[field] + "]");
    }
  }

  /**
   * The descriptors the supervisor has when nothing is being done any more. How many is not enough
   * to go by: after a restart it reads the new files one by one, to tell their version, and has one
   * more all the while.
   */
  List<String> restingDescriptors() throws Exception {
    int[] looks = {0}; // that saw the same in a row
    List<String> last = new ArrayList<>();
    Await.until(
        "the supervisor rests",
        () -> {
          List<String> now = descriptors();
          looks[0] = now.equals(last) ? looks[0] + 1 : 0;
          last.clear();
          last.addAll(now);
          return looks[0] == RESTING_LOOKS;
        });
    return last;
  }

  /** What every descriptor of the supervisor leads to. */
  List<String> descriptors() throws IOException {
    if (supervisor == null) {
      throw new IllegalStateException("not begun");
    }
    Path folder = Path.of("/proc/" + supervisor.process().pid() + "/fd");
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(Team::target).filter(target -> !target.isEmpty()).sorted().toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }
}
