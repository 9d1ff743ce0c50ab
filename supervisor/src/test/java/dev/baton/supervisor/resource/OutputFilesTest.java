package dev.baton.supervisor.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFilesTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void lastLinesAreTheLastOnes() throws IOException {
    OutputFiles<String> files = new OutputFiles<>(folder);
    Path file = files.create("a", "app.g1/0");
    Files.writeString(file, "one\ntwo\nthree");

    assertEquals(List.of("two", "three"), files.lastLines("a", 2));
    assertEquals(List.of("one", "two", "three"), files.lastLines("a", 20));
  }

  @Test
  void ofALongFileOnlyTheEndIsRead() throws IOException {
    OutputFiles<String> files = new OutputFiles<>(folder);
    Files.writeString(files.create("a", "a"), "x".repeat(1_000_000) + "\nlast words\n");

    assertEquals("last words", files.lastLines("a", 1).get(0));
  }

  @Test
  void bytesThatAreNoTextDoNotHideTheRest() throws IOException {
    OutputFiles<String> files = new OutputFiles<>(folder);
    Files.write(files.create("a", "a"), new byte[] {(byte) 0xc3, '\n', 'b'});

    assertEquals("b", files.lastLines("a", 1).get(0));
  }

  @Test
  void workerWithoutOutputHasNone() throws IOException {
    OutputFiles<String> files = new OutputFiles<>(folder);
    files.create("never wrote", "a");

    assertEquals(List.of(), files.lastLines("unknown", 5));
    assertTrue(files.lastLines("never wrote", 5).get(0).startsWith("(its output cannot be read"));
  }

  @Test
  void filesOfTheLastFiveThatEndedAreKept() throws IOException {
    OutputFiles<Integer> files = new OutputFiles<>(folder);
    for (int worker = 1; worker <= 8; worker++) {
      Files.writeString(files.create(worker, "w" + worker), "");
      files.forget(worker);
    }

    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("w4.log", "w5.log", "w6.log", "w7.log", "w8.log"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
