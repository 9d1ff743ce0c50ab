package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.supervisor.process.Weight.Means;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes are lowered and raised, by whatever works for who runs this. */
@Timeout(60)
final class WeightTest {
  private static final String FAMILY = "sleep 1000 & echo; wait";

  private final List<Process> started = new ArrayList<>();

  static Stream<Weight> weights() {
    return Stream.of(Means.NICE, Means.BATCH).map(Weight::by).filter(weight -> weight != null);
  }

  @AfterEach
  void endAll() {
    started.forEach(process -> Processes.kill(process.toHandle(), 0));
  }

  /** A shell with a child, when the child is there. */
  private Process start(List<String> prefix, String script) throws Exception {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(prefix);
    command.addAll(List.of("/bin/sh", "-c", script));
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    assertEquals('\n', process.getInputStream().read());
    return process;
  }

  private static List<String> tasks(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .flatMap(one -> Task.of(one.pid()).stream())
        .map(task -> task.nice() + " " + task.policy())
        .toList();
  }

  private static int niceOfThisJvm() {
    long own = ProcessHandle.current().pid();
    return Task.of(own).stream().filter(task -> task.id() == own).findFirst().orElseThrow().nice();
  }

  @ParameterizedTest
  @MethodSource("weights")
  void processAndItsChildrenAreRaised(Weight weight) throws Exception {
    String usual = niceOfThisJvm() + " 0";
    Process process = start(weight.prefix(false), FAMILY);
    Autogroup.lower(process.pid());
    assertTrue(tasks(process).stream().noneMatch(usual::equals), tasks(process).toString());

    assertEquals("", weight.raise(process.toHandle(), 0));

    assertEquals(List.of(usual, usual), tasks(process));
    assertEquals(false, Autogroup.isLowered(process.pid()));
  }

  @ParameterizedTest
  @MethodSource("weights")
  void whoWasNotLoweredStaysAsItIs(Weight weight) throws Exception {
    Process process = start(List.of("nice", "-n", "3"), FAMILY);
    String own = Math.min(19, niceOfThisJvm() + 3) + " 0";

    assertEquals("", weight.raise(process.toHandle(), 0));

    assertEquals(List.of(own, own), tasks(process));
  }

  @ParameterizedTest
  @MethodSource("weights")
  void whoIsNiceByItselfIsStillNice(Weight weight) throws Exception {
    String own = Math.min(19, niceOfThisJvm() + 3) + " 0";
    Process process = start(weight.prefix(false), "exec nice -n 3 sh -c '" + FAMILY + "'");
    assertNotEquals(own, tasks(process).get(0));

    assertEquals("", weight.raise(process.toHandle(), 0));

    assertEquals(List.of(own, own), tasks(process));
  }

  @ParameterizedTest
  @MethodSource("weights")
  void processThatIsGoneNeedsNothing(Weight weight) throws Exception {
    Process process = start(List.of(), "echo");
    process.waitFor();

    assertEquals("", weight.raise(process.toHandle(), 0));
  }

  @Test
  void oneOfAnotherUserIsLoweredOnlyByRoot() {
    Weight batch = Weight.by(Means.BATCH);

    assertTrue(batch == null || batch.prefix(true).isEmpty());
  }

  @Test
  void sessionOfThisJvmIsLeftAlone() throws Exception {
    Process process = new ProcessBuilder("/bin/sh", "-c", "echo; read line").start();
    started.add(process);
    assertEquals('\n', process.getInputStream().read());

    Autogroup.lower(process.pid());

    assertEquals(false, Autogroup.isLowered(ProcessHandle.current().pid()));
  }

  @Test
  void threadIsFoundByTheWordOfTheKernel() {
    // Each field is the number of those between the name and itself.
    String fields =
        IntStream.rangeClosed(1, 49).mapToObj(Integer::toString).collect(Collectors.joining(" "));

    assertEquals(new Task(42, "a) b (c", 16, 38), Task.parse("42 (a) b (c) S " + fields));
    assertEquals(List.of(), Task.of(Long.MAX_VALUE));
  }
}
