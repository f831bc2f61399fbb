package dev.sluice.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packages and folders that the customer fixed, each used where it belongs. */
class CustomersCardTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice");

  /** Where the classes of a package must be used, beyond being on a class path. */
  @ParameterizedTest
  @CsvSource({
    "micronaut-data-jdbc,   dev.sluice.api,       io.micronaut.data.jdbc",
    "micronaut-data-jdbc,   dev.sluice.postgres,  io.micronaut.transaction",
    "micronaut-aws-sdk-v2,  dev.sluice.storage,   software.amazon.awssdk.services.s3",
    "micronaut-aws-sdk-v2,  dev.sluice.message,   software.amazon.awssdk.services.sqs",
    "pgvector,              dev.sluice.embed,     com.pgvector",
    "micronaut-http-client, dev.sluice.parse,     io.micronaut.http.client",
    "micronaut-http-client, dev.sluice.embedding, io.micronaut.http.client",
    "micronaut-retry,       dev.sluice.parse,     io.micronaut.retry",
    "micronaut-retry,       dev.sluice.embedding, io.micronaut.retry",
  })
  void isUsedWhereItBelongs(String artifact, String by, String used) {
    var users =
        CLASSES.stream()
            .filter(c -> c.getPackageName().startsWith(by))
            .filter(
                c ->
                    c.getDirectDependenciesFromSelf().stream()
                        .anyMatch(d -> d.getTargetClass().getPackageName().startsWith(used)))
            .toList();
    assertThat(users).as("%s, used by %s", artifact, by).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "webhook"})
  void theHttpFunctionsRunUnderTheApiProxy(String function) {
    assertThat(Repository.text("functions/" + function + "/pom.xml"))
        .contains("micronaut-function-aws-api-proxy");
    assertThat(Repository.text("template.yaml"))
        .contains(
            "Handler: io.micronaut.function.aws.proxy.payload2.APIGatewayV2HTTPEventFunction");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "functions/webhook",
        "functions/validate",
        "functions/chunk",
        "functions/embed",
        "common",
        "template.yaml",
        "localstack",
        "localstack/compose.yaml",
        "README.md",
        "pom.xml"
      })
  void theTopLevelIsTheCustomers(String path) {
    assertThat(Files.exists(Repository.ROOT.resolve(path))).as(path).isTrue();
  }

  @Test
  void postgresqlIsTheDriver() {
    assertThat(Repository.text("common/src/main/resources/application-function.properties"))
        .contains("driver-class-name=org.postgresql.Driver");
  }

  @Test
  void testcontainersIsAtHandAndEveryFunctionHasEventsForSam() {
    assertThat(Repository.text("system-tests/pom.xml")).contains("testcontainers-localstack");
    for (var function : Repository.FUNCTIONS) {
      assertThat(Repository.ROOT.resolve("functions/" + function + "/events"))
          .as("events for sam local invoke")
          .isNotEmptyDirectory();
    }
  }
}
