package dev.baton.endtoend;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One worker at a time, whatever happens to the one that has the lease. */
final class LeaseIT {
  private static final int HAND_OVERS = Integer.getInteger("baton.handOvers", 40);
  private static final int DEATHS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  @RegisterExtension final Machine machine = new Machine();

  private Path journal = Path.of("");
  private Team team = unset();

  @SuppressWarnings("NullAway") // set before each test
  private static Team unset() {
    return null;
  }

  /** A line of the journal. */
  private record Entry(String what, long pid, long nanos) {
    static Entry read(String line) {
      String[] words = line.split(" ", -1);
      return new Entry(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
  }

  @BeforeEach
  void start() throws Exception {
    int port = Machine.freePort();
    journal = machine.folder().resolve("journal");
    team = new Team(machine);
    team.configure(
        Team.service(
            "web",
            Holder.command(port, machine.folder().resolve("check"), journal),
            Team.listen(List.of(port)),
            "workers = 2",
            "restart = { memory = \"ignore\", park = \"10m\" }",
            "drain.linger = \"1s\"",
            "stop.timeout = \"2s\""));
  }

  @Test
  void isHandedOverBetweenTwoGenerationsThatFightForIt() throws Exception {
    team.run();
    assertEquals(0, machine.baton("restart").exit());

    while (begun().size() <= HAND_OVERS) {
      try (Conversation rollback = team.ask("ROLLBACK", Map.of("services", "web", "pid", "1"))) {
        assertEquals("0", rollback.result().text("code"));
      }
      awaitHeld();
    }

    List<Entry> entries = entries();
    List<Double> gaps = assertOneAtATime(entries);
    gaps.sort(null);
    System.out.printf(
        Locale.ROOT,
        "lease: %d hand-overs among four workers of two generations, gap %.2f ms (median),"
            + " %.2f ms (99 %%), %.2f ms (max); never two%n",
        gaps.size(),
        gaps.get(gaps.size() / 2),
        gaps.get(gaps.size() * 99 / 100),
        gaps.get(gaps.size() - 1));
  }

  /** With all its files: the kernel frees the lease before it has closed the others. */
  @Test
  void passesOnWhenItsHolderIsDead() throws Exception {
    team.run();
    awaitHeld();
    for (int deaths = 1; deaths <= DEATHS; deaths++) {
      long dying = holder();

      Command.signal(dying, "KILL");
      int begun = deaths + 1;
      Await.until("somebody else has it", () -> begun().size() == begun);

      assertNotEquals(dying, holder());
      assertEquals(Set.of("begin"), entries().stream().map(Entry::what).collect(toSet()));
    }
  }

  @Test
  void staysWithOneThatHangsUntilThatIsDead() throws Exception {
    team.run();
    awaitHeld();
    long first = holder();

    Command.signal(first, "STOP");
    FutureTask<Command> restart = machine.begin("restart");
    Await.until("somebody else has it", () -> begun().size() > 1);
    assertFalse(isStopped(first), "it is held while who had it may wake up");
    assertEquals(0, restart.get().exit(), restart.get().out() + restart.get().err());

    // Who waited may be of the old generation, too, and hand it over at once.
    List<Entry> others = entries().subList(1, entries().size());
    assertTrue(others.stream().noneMatch(entry -> entry.pid() == first), others.toString());
    assertOneAtATime(others);
  }

  @Test
  void deathOfTheSupervisorChangesNothing() throws Exception {
    Supervisor supervisor = team.run();
    awaitHeld();
    long first = holder();

    supervisor.kill();
    team.run();
    assertEquals(first, holder());
    assertEquals(1, entries().size());
    assertEquals(0, machine.baton("restart").exit());
    awaitHeld();

    assertNotEquals(first, holder());
    assertOneAtATime(entries());
  }

  /** By a signal; one that has been killed is not, whether it has been reaped or not. */
  private static boolean isStopped(long pid) throws IOException {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/status")).contains("State:\tT");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void awaitHeld() throws Exception {
    Await.until(
        "somebody has it",
        () -> {
          List<Entry> entries = entries();
          return !entries.isEmpty() && !entries.get(entries.size() - 1).what().equals("end");
        });
  }

  private long holder() throws IOException {
    List<Entry> begun = begun();
    return begun.get(begun.size() - 1).pid();
  }

  private List<Entry> begun() throws IOException {
    return entries().stream().filter(entry -> !entry.what().equals("end")).toList();
  }

  private List<Entry> entries() throws IOException {
    if (!Files.exists(journal)) {
      return List.of();
    }
    String text = Files.readString(journal);
    // A line may be on its way.
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Entry::read).toList();
  }

  /** Returns from each end to the next begin, in milliseconds. */
  private static List<Double> assertOneAtATime(List<Entry> entries) {
    List<Double> gaps = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      assertEquals(i % 2 == 0 ? "begin" : "end", entry.what(), entries.toString());
      if (i % 2 == 1) {
        assertEquals(entries.get(i - 1).pid(), entry.pid(), entries.toString());
      } else if (i > 0) {
        gaps.add((entry.nanos() - entries.get(i - 1).nanos()) / NANOS_PER_MILLI);
      }
    }
    return gaps;
  }
}
