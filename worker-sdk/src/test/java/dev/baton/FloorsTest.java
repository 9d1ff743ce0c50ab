package dev.baton;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Imports point down only. */
@AnalyzeClasses(packages = "dev.baton", importOptions = ImportOption.DoNotIncludeTests.class)
final class FloorsTest {
  @ArchTest
  static final ArchRule FLOORS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("agent")
          .definedBy("..agent..")
          .layer("channel")
          .definedBy("..channel..")
          .layer("jdk")
          .definedBy("..jdk..")
          .layer("protocol")
          .definedBy("..protocol..")
          .whereLayer("agent")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("channel")
          .mayOnlyBeAccessedByLayers("agent")
          .whereLayer("jdk")
          .mayOnlyBeAccessedByLayers("agent", "channel")
          .whereLayer("protocol")
          .mayOnlyBeAccessedByLayers("agent", "channel");

  /** The application may load it with a class loader of its own. */
  @ArchTest
  static final ArchRule PUBLIC_API_STANDS_ALONE =
      classes()
          .that()
          .resideInAPackage("dev.baton.worker")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.baton.worker", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule ONLY_CHANNEL_KNOWS_JUNIXSOCKET =
      noClasses()
          .that()
          .resideOutsideOfPackage("..channel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.newsclub..");

  /** What extends a class of ASM is kept out of class-data archives by the name of its package. */
  @ArchTest
  static final ArchRule ONLY_WEAVE_KNOWS_ASM =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.baton.agent.weave")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.objectweb.asm..");

  @ArchTest
  static final ArchRule ONLY_JDK_OPENS_WHAT_IS_CLOSED =
      noClasses()
          .that()
          .resideOutsideOfPackage("..jdk..")
          .should()
          .callMethod(java.lang.reflect.Field.class, "setAccessible", boolean.class)
          .orShould()
          .callMethod(java.lang.reflect.Method.class, "setAccessible", boolean.class);

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("dev.baton.(*)..").should().beFreeOfCycles();
}
