package dev.baton.supervisor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JavaCommandTest {
  @ParameterizedTest
  @CsvSource({
    "java -jar app.jar, 2:app.jar",
    "/opt/jdk/bin/java -Xmx1g -jar app.jar -jar other.jar, 3:app.jar",
    "java -jar -Dx=y app.jar, 3:app.jar",
    "java -cp a.jar:b.jar Main -cp c.jar, 2:a.jar:b.jar",
    "java --class-path=a.jar Main, 1:a.jar",
    "java --add-opens java.base/java.lang=ALL-UNNAMED -classpath lib/* Main, 4:lib/*",
    "java @options -p mods -m app/app.Main -cp no.jar, 3:mods",
    "env A=b java -jar app.jar, 4:app.jar",
  })
  void whatNamesCodeIsFound(String command, String found) {
    JavaCommand java = parse(command);

    assertNotNull(java);
    assertEquals(1, java.code().size());
    JavaCommand.Code code = java.code().get(0);
    assertEquals(found, code.word() + ":" + code.value());
  }

  @ParameterizedTest
  @CsvSource({
    "bin/run.sh -jar app.jar",
    "env A=b",
    "javac -cp a.jar A.java",
    "env -u X java -jar a"
  })
  void whatStartsNoJvmByItselfIsNone(String command) {
    assertNull(parse(command));
  }

  @ParameterizedTest
  @CsvSource({"java -jar app.jar x.jar, app.jar", "java -cp app.jar Main,", "java -jar,"})
  void onlyWhatIsAfterTheOptionIsTheJar(String command, @Nullable String jar) {
    JavaCommand java = parse(command);

    assertNotNull(java);
    assertEquals(jar, java.jar());
  }

  private static @Nullable JavaCommand parse(String command) {
    return JavaCommand.of(List.of(command.split(" ", -1)));
  }
}
