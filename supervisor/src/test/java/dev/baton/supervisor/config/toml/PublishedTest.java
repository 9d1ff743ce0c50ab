package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is published about the file is what the code says. */
final class PublishedTest {
  private static final Path DOCS = Path.of(System.getProperty("basedir", "."), "..", "docs");
  private static final Path PAGE = DOCS.resolve("CONFIGURATION.md");
  private static final Path SCHEMA = DOCS.resolve("baton.schema.json");
  private static final Pattern TOML = Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL);

  @Test
  void schemaIsThatOfTheCatalogue() throws IOException {
    assertPublished(SCHEMA, JsonSchema.text());
  }

  @Test
  void pageHasTheKeysOfTheCatalogue() throws IOException {
    assertPublished(PAGE, ReferencePage.updated(Files.readString(PAGE)));
  }

  @Test
  void everyExampleOnThePageIsAValidFile() throws IOException {
    ImmutableList<String> examples =
        TOML.matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult block) -> block.group(1))
            .collect(ImmutableList.toImmutableList());

    assertTrue(examples.size() >= 3, examples.size() + " examples");
    for (String example : examples) {
      assertDoesNotThrow(() -> Texts.parse(example), example);
    }
  }

  private static void assertPublished(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("baton.publish")) {
      Files.writeString(file, expected);
    }
    String published = Files.exists(file) ? Files.readString(file) : "";
    assertEquals(
        expected,
        published,
        file.getFileName()
            + " is not what the code says; write it anew with: mvn test -pl worker-sdk,supervisor"
            + " -Dtest=PublishedTest -Dsurefire.failIfNoSpecifiedTests=false -Dbaton.publish=true");
  }
}
