package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baton.supervisor.config.LogConfig;
import dev.baton.supervisor.config.Rotation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LogPathsTest {
  @Test
  void pathIsThatOfTheWorkerWhereEachHasItsOwn() {
    LogConfig each = new LogConfig("output", "logs/{worker}.log", Rotation.DEFAULT);
    LogConfig absolute = new LogConfig("output", "/var/log/web.log", Rotation.DEFAULT);
    Path state = Path.of("/state");

    assertEquals(
        Path.of("/state/logs/web.g3-1.2.log"), LogPaths.resolve(state, each, "web.g3/1#2"));
    assertEquals(Path.of("/state/logs/{worker}.log"), LogPaths.resolve(state, each, null));
    assertEquals(Path.of("/var/log/web.log"), LogPaths.resolve(state, absolute, "web.g3/1"));
  }
}
