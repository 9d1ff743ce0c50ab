package dev.baton.endtoend;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every piece of Java on a page of the documentation stands in an example, which runs. */
final class SnippetsTest {
  private static final Path ROOT = Path.of(System.getProperty("baton.root", "../.."));
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(strings = {"docs/SDK.md", "docs/INTEGRATIONS.md"})
  void snippetIsPartOfAnExample(String page) throws IOException {
    List<String> snippets =
        JAVA.matcher(Files.readString(ROOT.resolve(page)))
            .results()
            .map((MatchResult found) -> plain(found.group(1)))
            .toList();
    List<String> sources;
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
      sources =
          files.filter(file -> file.toString().endsWith(".java")).map(SnippetsTest::read).toList();
    }

    assertFalse(snippets.isEmpty());
    for (String snippet : snippets) {
      assertTrue(
          sources.stream().anyMatch(source -> source.contains(snippet)),
          () -> page + " has what is in no example:\n" + snippet);
    }
  }

  private static String read(Path file) {
    try {
      return plain(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** However far it is indented. */
  private static String plain(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n"));
  }
}
