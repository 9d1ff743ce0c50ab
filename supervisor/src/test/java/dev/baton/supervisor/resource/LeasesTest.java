package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baton.testing.NothingLeft;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
final class LeasesTest {
  @TempDir Path folder = Path.of("");

  private Leases leases = new Leases(Path.of(""));

  @BeforeEach
  void create() {
    leases = new Leases(folder.resolve("leases"));
  }

  @Test
  void sameFileForTheSameNameOfTheSameService() throws Exception {
    leases.open("web", "jobs").close();
    Object first = Files.getAttribute(leases.path(new Label("web", "jobs")), "unix:ino");
    leases.open("web", "jobs").close();
    leases.open("db", "jobs").close();

    assertEquals(first, Files.getAttribute(leases.path(new Label("web", "jobs")), "unix:ino"));
    assertEquals(
        List.of("db.jobs", "web.jobs"),
        leases.all().stream().map(Label::toString).sorted().toList());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(leases.path(new Label("web", "jobs")))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../lock", "a.b", "a/b", "a b", "a\n"})
  void nameThatIsNoNameIsRefused(String name) {
    assertThrows(ResourceException.class, () -> leases.open("web", name).close());
    assertFalse(Files.exists(folder.resolve("leases")));
  }

  @Test
  void linkIsNotFollowed() throws Exception {
    leases.open("web", "other").close();
    Files.createSymbolicLink(leases.path(new Label("web", "jobs")), folder.resolve("elsewhere"));

    assertThrows(ResourceException.class, () -> leases.open("web", "jobs").close());
    assertFalse(Files.exists(folder.resolve("elsewhere")));
  }

  @Test
  void thereIsAnEndToThem() throws Exception {
    for (int i = 0; i < 1000; i++) {
      leases.open("web", "n" + i).close();
    }
    ResourceException more =
        assertThrows(ResourceException.class, () -> leases.open("web", "more").close());
    assertEquals("there are 1000 leases already", more.getMessage());
    leases.open("web", "n7").close();
  }

  @Test
  void nothingIsLeftOfThem() throws Exception {
    leases.remove();
    leases.open("web", "jobs").close();
    leases.remove();

    assertFalse(Files.exists(folder.resolve("leases")));
  }
}
