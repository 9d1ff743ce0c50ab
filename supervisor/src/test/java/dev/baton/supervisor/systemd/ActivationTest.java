package dev.baton.supervisor.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.channel.Redirects;
import dev.baton.jdk.Descriptors;
import dev.baton.supervisor.systemd.Activation.Passed;
import dev.baton.testing.NothingLeft;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sockets, and what the environment may say of them. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
final class ActivationTest {
  private static final long PID = 4711;

  /** In this JVM the numbers from 3 on are taken. */
  private static final int FIRST = 700;

  @TempDir private Path folder = Path.of("");

  private final List<String> warnings = new ArrayList<>();
  private final ServerSocketChannel web;
  private final ServerSocketChannel admin;

  ActivationTest() throws IOException {
    web = ServerSocketChannel.open();
    admin = ServerSocketChannel.open();
  }

  @BeforeEach
  void open() throws IOException {
    web.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    admin.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Descriptors.replace(number(web), FIRST);
    Descriptors.replace(number(admin), FIRST + 1);
  }

  @AfterEach
  void close() throws IOException {
    Descriptors.close(FIRST);
    Descriptors.close(FIRST + 1);
    web.close();
    admin.close();
  }

  @Test
  void socketsAreTakenWithTheirNames() {
    assertEquals(
        List.of("web " + target(web), "admin " + target(admin)), take("2", "4711", "web:admin"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void nothingIsTakenWhenNothingIsPassed() {
    assertEquals(List.of(), Activation.take(Map.of(), PID, warnings::add));
    assertEquals(List.of(), take("", "4711", "web"));
    assertEquals(List.of(), take("0", "4711", null));
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"4712, process 4712", "self, process self", "-,    'nobody, without a LISTEN_PID'"})
  void whatIsForAnotherProcessIsLeftAlone(String pid, String whom) {
    assertEquals(List.of(), take("2", pid, "web:admin"));

    assertEquals(
        List.of("LISTEN_FDS is for " + whom + "; ours is 4711: no socket is taken from it"),
        warnings);
    assertTrue(Descriptors.target(FIRST).startsWith("socket:"));
  }

  @Test
  void namesMayBeMissing() {
    assertEquals(
        List.of("unknown " + target(web), "unknown " + target(admin)), take("2", "4711", null));
    assertEquals(
        List.of("unknown " + target(web), "admin " + target(admin)), take("2", "4711", ":admin"));
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @CsvSource({"web, 1", "web:admin:jobs, 3"})
  void namesThatDoNotMatchTheSocketsNameNone(String names, int count) {
    assertEquals(
        List.of("unknown " + target(web), "unknown " + target(admin)), take("2", "4711", names));

    assertEquals(
        List.of(
            "LISTEN_FDNAMES has " + count + " names for 2 sockets: all are taken, without names"),
        warnings);
  }

  @Test
  void descriptorThatIsNoSocketIsLeftAlone() throws IOException {
    try (FileInputStream file = new FileInputStream("/dev/null")) {
      Descriptors.replace(Descriptors.number(file.getFD()), FIRST + 2);
      assertEquals(List.of("a " + target(web), "b " + target(admin)), take("3", "4711", "a:b:c"));
    }

    assertEquals(List.of("LISTEN_FDS=3: descriptor 702 is no socket, and left alone"), warnings);
    assertEquals("/dev/null", Descriptors.target(FIRST + 2));
    Descriptors.close(FIRST + 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "-1", "2.0", " 2", "99999", "99999999999"})
  void numberThatIsNoneIsReported(String listenFds) {
    assertEquals(List.of(), take(listenFds, "4711", "web:admin"));

    assertEquals(
        List.of("LISTEN_FDS=" + listenFds + " is no number of sockets: none is taken"), warnings);
  }

  @Test
  void processTakesThemFromThreeOnAndItsChildrenInheritNone() throws Exception {
    Path out = folder.resolve("out");
    String script =
        "exec 3<&0 4>&1 </dev/null >\"$0\"; LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=web:admin"
            + " exec \"$@\"";
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh",
            "-c",
            script,
            out.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Activated.class.getName());
    builder.redirectInput(Redirects.of(Descriptors.of(web)));
    builder.redirectOutput(Redirects.of(Descriptors.of(admin)));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);

    assertEquals(0, builder.start().waitFor());

    List<String> lines = Files.readAllLines(out);
    assertEquals(List.of("web 3 " + target(web), "admin 4 " + target(admin)), lines.subList(0, 2));
    assertEquals(List.of("child: 0 1 2"), lines.subList(2, lines.size()));
  }

  /** A process that was activated: prints what it has got, then what a child of it gets. */
  static final class Activated {
    private Activated() {}

    public static void main(String[] args) throws Exception {
      long pid = ProcessHandle.current().pid();
      for (Passed one : Activation.take(System.getenv(), pid, System.err::println)) {
        int number = Descriptors.number(one.descriptor());
        System.out.println(one.name() + " " + number + " " + Descriptors.target(number));
      }
      // By the shell itself: a program that lists a directory has a descriptor more.
      String list =
          "n=0; s=child:; while [ $n -lt 20 ]; do"
              + " [ -e /proc/$$/fd/$n ] && s=\"$s $n\"; n=$((n + 1)); done; echo $s";
      new ProcessBuilder("sh", "-c", list).inheritIO().start().waitFor();
    }
  }

  private List<String> take(
      @Nullable String listenFds, @Nullable String pid, @Nullable String names) {
    Map<String, String> environment = new HashMap<>();
    environment.put("LISTEN_FDS", listenFds);
    environment.put("LISTEN_PID", pid);
    environment.put("LISTEN_FDNAMES", names);
    environment.values().removeIf(Objects::isNull);
    List<String> taken = new ArrayList<>();
    for (Passed one : Activation.take(environment, PID, warnings::add, FIRST)) {
      taken.add(one.name() + " " + Descriptors.target(Descriptors.number(one.descriptor())));
    }
    return taken;
  }

  private static int number(ServerSocketChannel channel) {
    return Descriptors.number(Descriptors.of(channel));
  }

  private static String target(ServerSocketChannel channel) {
    return Descriptors.target(number(channel));
  }
}
