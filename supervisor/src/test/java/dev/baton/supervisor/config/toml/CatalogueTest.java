package dev.baton.supervisor.config.toml;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.lang.reflect.Field;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the catalogue says of a key is what the parser does with it. */
final class CatalogueTest {
  static ImmutableList<Written> keys() {
    return Written.all();
  }

  static Stream<Written> keysWithADefault() {
    return keys().stream().filter(written -> !written.key().fallback().isEmpty());
  }

  static Stream<Written> requiredKeys() {
    return keys().stream().filter(written -> written.key().otherwise().startsWith("required"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyIsExplained(Written written) {
    Key<?> key = written.key();

    assertTrue(key.doc().endsWith("."), key.doc());
    assertFalse(key.example().isEmpty());
    assertFalse(key.form().type().isEmpty());
    assertTrue(key.fallback().isEmpty() != key.otherwise().isEmpty(), "one kind of default");
    assertTrue(key.name().matches("[a-z0-9-]+"), key.name());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyExampleIsValidAndSaysSomething(Written written) {
    String example = written.file(written.key().example());

    assertDoesNotThrow(() -> Texts.parse(example), example);
    assertNotEquals(written.key().fallback(), written.key().example());
  }

  @ParameterizedTest
  @MethodSource("keysWithADefault")
  void defaultIsWhatHoldsWithoutTheKey(Written written) throws Exception {
    String with = written.file(written.key().fallback());
    String without = written.file("");

    assertEquals(Texts.parse(without), Texts.parse(with));
  }

  @ParameterizedTest
  @MethodSource("requiredKeys")
  void requiredKeyIsMissedIfItIsNotThere(Written written) {
    ImmutableList<String> problems = Texts.problems(written.file(""));

    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).contains(": " + written.key().name() + " is missing; write "));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void valueOfAnotherTypeIsAProblem(Written written) {
    String text = written.file("1979-05-27");

    assertTrue(Texts.problems(text).get(0).contains(written.key().name() + ": "), text);
  }

  @Test
  void noKeyIsForgotten() throws Exception {
    ImmutableSet<Key<?>> known =
        keys().stream().<Key<?>>map(Written::key).collect(ImmutableSet.toImmutableSet());

    assertEquals(ImmutableSet.of(), Sets.difference(constants(), known));
  }

  /** Those of the classes beside the parser. */
  private static ImmutableSet<Key<?>> constants() throws Exception {
    Path here =
        Path.of(Objects.requireNonNull(Key.class.getResource("Key.class")).toURI()).getParent();
    ImmutableSet.Builder<Key<?>> constants = ImmutableSet.builder();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(here, "*Keys.class")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".class", "");
        for (Field field :
            Class.forName(Key.class.getPackageName() + "." + name).getDeclaredFields()) {
          if (field.getType() == Key.class) {
            constants.add((Key<?>) field.get(null));
          }
        }
      }
    }
    return constants.build();
  }
}
