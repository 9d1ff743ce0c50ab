package dev.baton.supervisor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Imports point down only, and the decisions are pure. */
@AnalyzeClasses(
    packages = "dev.baton.supervisor",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class FloorsTest {
  @ArchTest
  static final ArchRule FLOORS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("..cli..")
          .layer("loop")
          .definedBy("..loop..")
          .layer("edges")
          .definedBy(
              "..resource..",
              "..process..",
              "..control..",
              "..logs..",
              "..systemd..",
              "..takeover..")
          .layer("pure")
          .definedBy("..core..", "..config..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("loop")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("edges")
          .mayOnlyBeAccessedByLayers("cli", "loop");

  @ArchTest
  static final ArchRule DECISIONS_ARE_PURE =
      classes()
          .that()
          .resideInAPackage("..core..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.baton.supervisor.core..",
              "dev.baton.supervisor.config..",
              "java.lang..",
              "java.time..",
              "java.util..",
              "com.google.common..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule CONFIGURATION_IS_PURE =
      classes()
          .that()
          .resideInAPackage("..config..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.baton.supervisor.config..",
              "java.lang..",
              "java.nio.charset..",
              "java.time..",
              "java.util..",
              "com.google.common..",
              "org.jspecify..",
              "org.tomlj..");

  @ArchTest
  static final ArchRule ONLY_THE_PARSER_KNOWS_TOMLJ =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.baton.supervisor.config.toml")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.tomlj..");

  @ArchTest
  static final ArchRule DECISIONS_READ_NO_CLOCK =
      noClasses()
          .that()
          .resideInAnyPackage("..core..", "..config..")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class);

  @ArchTest
  static final ArchRule NOBODY_HERE_KNOWS_JUNIXSOCKET =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.newsclub..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.baton.supervisor.(*)..").should().beFreeOfCycles();
}
