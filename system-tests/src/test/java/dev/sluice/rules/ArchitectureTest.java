package dev.sluice.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** Who may know whom. */
@AnalyzeClasses(
    packages = "dev.sluice",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WrittenByUs.class})
class ArchitectureTest {
  /** Leaves out what Micronaut's annotation processors write beside our classes. */
  static final class WrittenByUs implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/$");
    }
  }

  @ArchTest
  static final ArchRule theDomainNeedsNothingButJava =
      classes()
          .that()
          .resideInAPackage("dev.sluice.document")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "dev.sluice.document");

  @ArchTest
  static final ArchRule functionsNeverDependOnEachOther =
      slices()
          .matching("dev.sluice.(api|webhook|parse|validate|chunk|embed|finalize|sweep)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule commonKnowsNoFunction =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.sluice.document..",
              "dev.sluice.message..",
              "dev.sluice.stage..",
              "dev.sluice.postgres..",
              "dev.sluice.storage..",
              "dev.sluice.secrets..",
              "dev.sluice.telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sluice.api..",
              "dev.sluice.webhook..",
              "dev.sluice.parse..",
              "dev.sluice.validate..",
              "dev.sluice.chunk..",
              "dev.sluice.embed..",
              "dev.sluice.finalize..",
              "dev.sluice.sweep..",
              "dev.sluice.localstack..",
              "dev.sluice.cli..");

  @ArchTest
  static final ArchRule functionsKnowNothingOfTheLocalCloud =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.localstack..", "dev.sluice.simulator..", "dev.sluice.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sluice.localstack..", "dev.sluice.simulator..", "dev.sluice.cli..");

  @ArchTest
  static final ArchRule onlyTheClockReadsTheTime =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.localstack..", "dev.sluice.simulator..", "dev.sluice.cli..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule onlyStoresSpeakToTheDatabase =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.postgres..", "dev.sluice.localstack.postgres..", "dev.sluice.cli..")
          .and()
          .haveNameNotMatching(".*(Store|Repository)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.postgresql..", "com.pgvector..");

  @ArchTest
  static final ArchRule theAwsSdkStaysInItsAdapters =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.message..",
              "dev.sluice.storage..",
              "dev.sluice.secrets..",
              "dev.sluice.stage..",
              "dev.sluice.localstack..",
              "dev.sluice.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule noPackageIsADrawerForEverything =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..common..", "..helper..", "..manager..", "..model..");
}
