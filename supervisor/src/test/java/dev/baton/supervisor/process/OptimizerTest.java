package dev.baton.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.supervisor.process.Weight.Means;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The compilers of real JVMs are lowered and raised. */
@Timeout(60)
final class OptimizerTest {
  private final List<Process> started = new ArrayList<>();

  /** A JVM that waits for the end of its input. */
  static final class Waiting {
    private Waiting() {}

    public static void main(String[] args) throws Exception {
      System.out.println();
      var unused = System.in.read();
    }
  }

  @AfterEach
  void endAll() {
    started.forEach(process -> Processes.kill(process.toHandle(), 0));
  }

  private Process start(String... prefix) throws Exception {
    List<String> command = new ArrayList<>(List.of(prefix));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // One compiler of each kind, which stays.
    command.addAll(List.of("-Xmx16m", "-XX:-UseDynamicNumberOfCompilerThreads", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Waiting.class.getName());
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    return process;
  }

  private static void awaitMain(Process process) throws Exception {
    assertEquals('\n', process.getInputStream().read());
  }

  private static Weight weight() {
    Weight weight = Weight.by(Means.NICE);
    assumeTrue(weight != null, "nobody here may raise what was lowered by nice");
    return Objects.requireNonNull(weight);
  }

  private static List<Task> tasks(Process process, Predicate<Task> which) {
    return Task.of(process.pid()).stream().filter(which).toList();
  }

  private static boolean allHave(int nice, List<Task> tasks) {
    return !tasks.isEmpty() && tasks.stream().allMatch(task -> task.nice() == nice);
  }

  @Test
  void optimizingCompilerAloneIsLoweredAndRaised() throws Exception {
    Weight weight = weight();
    Process process = start();
    Optimizer optimizer = new Optimizer(process.pid());

    optimizer.lower(weight);

    awaitMain(process);
    List<Task> lowered = tasks(process, task -> task.nice() == weight.loweredNice());
    assertEquals(tasks(process, task -> task.name().startsWith("C2 Comp")), lowered);
    assertTrue(allHave(weight.loweredNice(), lowered), lowered.toString());

    assertEquals("", optimizer.raise(weight, 0));

    assertTrue(allHave(weight.ownNice(), Task.of(process.pid())));
  }

  @Test
  void nothingIsLoweredOnceItIsReady() throws Exception {
    Weight weight = weight();
    Process process = start();
    Optimizer optimizer = new Optimizer(process.pid());
    assertEquals("", optimizer.raise(weight, process.pid()));

    optimizer.lower(weight);

    awaitMain(process);
    assertTrue(allHave(weight.ownNice(), Task.of(process.pid())));
  }

  @Test
  void whoIsReadyWhileTheCompilerIsAwaitedWaitsForNothing() throws Exception {
    Weight weight = weight();
    Process shell = new ProcessBuilder("/bin/sh", "-c", "echo; read line").start();
    started.add(shell);
    awaitMain(shell);
    Optimizer optimizer = new Optimizer(shell.pid());
    FutureTask<Boolean> lowering =
        new FutureTask<>(
            () -> {
              optimizer.lower(weight);
              return true;
            });
    new Thread(lowering).start();

    assertEquals("", optimizer.raise(weight, 0));

    assertTrue(lowering.get());
  }

  @Test
  void whoIsNiceByItselfStaysAsItIs() throws Exception {
    Weight weight = weight();
    Process process = start("nice", "-n", Integer.toString(Weight.LOWERED));
    Optimizer optimizer = new Optimizer(process.pid());
    awaitMain(process);

    optimizer.lower(weight);
    assertEquals("", optimizer.raise(weight, 0));

    assertTrue(allHave(weight.loweredNice(), Task.of(process.pid())));
  }

  @Test
  void anotherSupervisorRaisesWhatTheFirstHasLowered() throws Exception {
    Weight weight = weight();
    Process process = start();
    new Optimizer(process.pid()).lower(weight);
    awaitMain(process);

    assertEquals("", new Optimizer(process.pid()).raise(weight, process.pid()));

    assertTrue(allHave(weight.ownNice(), Task.of(process.pid())));
  }

  @Test
  void processThatIsGoneNeedsNothing() throws Exception {
    Weight weight = weight();
    Process process = new ProcessBuilder("/bin/true").start();
    process.waitFor();
    Optimizer optimizer = new Optimizer(process.pid());

    optimizer.lower(weight);

    assertEquals("", optimizer.raise(weight, 0));
  }
}
