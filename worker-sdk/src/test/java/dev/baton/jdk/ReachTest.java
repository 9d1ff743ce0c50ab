package dev.baton.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On every JDK this is built with. */
final class ReachTest {
  @Test
  void thisJdkHasWhatWeReachFor() {
    assertEquals(List.of(), Reach.problems());
  }

  @Test
  void whatIsMissingOrClosedIsNamed() {
    List<String> problems = new ArrayList<>();

    Reach.check("sun.nio.ch.Net.fly", true, problems);
    Reach.check("sun.nio.ch.Wings.fly", false, problems);
    Reach.check("java.util.ArrayList.elementData", true, problems);
    Reach.check("java.util.ArrayList.elementData", false, problems);

    assertEquals(
        List.of(
            "sun.nio.ch.Net.fly is missing",
            "sun.nio.ch.Wings.fly is missing",
            "java.util.ArrayList.elementData is not open"),
        problems);
  }
}
