package dev.baton.supervisor.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.RestartPolicy.Strategy;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.config.SupervisorLog;
import dev.baton.supervisor.config.toml.ConfigParser;
import dev.baton.supervisor.config.toml.Source;
import dev.baton.supervisor.core.Operation;
import dev.baton.supervisor.core.Snapshot;
import dev.baton.supervisor.core.WorkerId;
import dev.baton.supervisor.core.WorkerState;
import dev.baton.testing.NothingLeft;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is read is what was written, or nothing. */
@ExtendWith(NothingLeft.class)
final class StateFileTest {
  private static final List<String> NAMES = List.of("state-a.json", "state-b.json");

  @TempDir Path folder = Path.of("");

  /** With something in every place. */
  private static State state(int turn) {
    ServiceConfig web =
        ServiceConfig.running("web", List.of("java", "-jar", "a \"b\"\n\\.jar")).workers(2).build();
    Config config = new Config("shop", ImmutableMap.of("web", web), 4096, SupervisorLog.DEFAULT);
    Snapshot.OfWorker worker =
        new Snapshot.OfWorker(
            new WorkerId("web", 1, 0, 2),
            Snapshot.Role.CURRENT,
            WorkerState.SERVING,
            4711,
            4712,
            true,
            ImmutableSet.of("tcp:*:8080"),
            true,
            600_000_000_000L,
            "");
    Snapshot.OfService service =
        new Snapshot.OfService(
            web,
            true,
            true,
            1,
            0,
            2,
            ImmutableList.of(new Snapshot.OfGeneration(1, web)),
            ImmutableSet.of(1),
            ImmutableMap.of("1/0", 2),
            ImmutableList.of(new Snapshot.OfSlot(0, 1, "", ImmutableList.of(worker))),
            ImmutableList.of(),
            null,
            new Snapshot.OfRollout(2, Strategy.CANARY, ImmutableMap.of("0", 1), true, "it died"),
            false,
            7,
            ImmutableSet.of("tcp:*:8080"));
    Operation operation = Operation.of(7, Operation.Kind.RESTART, List.of("web"));
    return new State(
        "boot",
        turn,
        3,
        "secret",
        config,
        7,
        new Snapshot(
            ImmutableList.of(service),
            ImmutableMap.of("old", 4),
            ImmutableList.of(new Snapshot.OfOperation(operation, 0)),
            true),
        ImmutableMap.of("4711", 99L),
        ImmutableMap.of("web.g1", web.launch()));
  }

  private void write(int... turns) throws IOException {
    try (StateFile file = StateFile.open(folder)) {
      for (int turn : turns) {
        file.write(state(turn));
      }
    }
  }

  @Test
  void youngestIsRead() throws IOException {
    assertNull(StateFile.read(folder).state());
    write(1, 2, 3);

    assertEquals(state(3), StateFile.read(folder).state());

    write(4); // by the next supervisor
    assertEquals(state(4), StateFile.read(folder).state());
    assertEquals(List.of(), StateFile.read(folder).damaged());
  }

  @Test
  void everythingAFileCanSayComesBack() throws Exception {
    String text =
        """
        [service.web]
        command = ["java", "-jar", "app.jar"]
        workers = 3
        restart.strategy = "canary"
        restart.compare-slower = 2.5
        stop.timeout = "90s"
        environment = { A = "1", B = "x y" }
        [[service.web.ready.gate]]
        type = "http"
        path = "/health"
        [[service.web.ready.gate]]
        type = "exec"
        command = ["true"]
        [[service.web.ready.gate]]
        type = "worker"
        [service.web.ready.warm-up]
        paths = ["/a"]
        headers = { A = "b" }
        [service.web.logs.access]
        path = "access.log"
        """;
    Config config =
        ConfigParser.parse(text, new Source("baton.toml", "/srv", "shop", ImmutableMap.of()));
    State written =
        new State(
            "boot",
            1,
            1,
            "key",
            config,
            0,
            new Snapshot(ImmutableList.of(), ImmutableMap.of(), ImmutableList.of(), false),
            ImmutableMap.of(),
            ImmutableMap.of());
    try (StateFile file = StateFile.open(folder)) {
      file.write(written);
    }

    assertEquals(written, StateFile.read(folder).state());
  }

  @Test
  void oneThatIsCutOffLeavesTheOneBefore() throws IOException {
    write(1, 2);
    Path younger = younger();
    byte[] bytes = Files.readAllBytes(younger);
    for (int cut : new int[] {0, 10, 80, 120, 500}) {
      byte[] torn = bytes.clone();
      Arrays.fill(torn, cut, torn.length, (byte) ' ');
      Files.write(younger, torn);

      assertEquals(state(1), StateFile.read(folder).state(), "cut at " + cut);
    }
  }

  private Path younger() throws IOException {
    return Files.readString(folder.resolve(NAMES.get(0))).contains("\"pid\":2,")
        ? folder.resolve(NAMES.get(0))
        : folder.resolve(NAMES.get(1));
  }

  @Test
  void damagedOnesAreSetAside() throws IOException {
    write(1, 2);
    for (String name : NAMES) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      bytes[300] ^= 4;
      Files.write(folder.resolve(name), bytes);
    }

    StateFile.Found found = StateFile.read(folder);

    assertNull(found.state());
    assertEquals(2, found.damaged().size());
    found.damaged().forEach(file -> assertTrue(Files.exists(file)));
    assertEquals(List.of(), StateFile.read(folder).damaged());
  }

  @Test
  void needsNoNewBlockOnceItIsOpen() throws IOException {
    try (StateFile file = StateFile.open(folder)) {
      file.write(state(1));
      long size = Files.size(folder.resolve(NAMES.get(0)));
      for (int i = 2; i < 10; i++) {
        file.write(state(i));
        for (String name : NAMES) {
          assertEquals(size, Files.size(folder.resolve(name)));
        }
      }
    }
  }

  /** It has to be understood as long as a supervisor that wrote it may run. */
  @Test
  void stateOfTheFirstVersionIsUnderstood() throws IOException {
    for (String name : NAMES) {
      try (InputStream in = getClass().getResourceAsStream("/takeover/v1/" + name)) {
        Files.write(folder.resolve(name), Objects.requireNonNull(in).readAllBytes());
      }
    }

    assertEquals(state(2), StateFile.read(folder).state());
  }

  @Test
  void isForNobodyElse() throws IOException {
    write(1);
    for (String name : NAMES) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))));
    }
    assertTrue(
        Files.readString(folder.resolve(NAMES.get(1)), StandardCharsets.UTF_8).contains("secret"));
  }
}
