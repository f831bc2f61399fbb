package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.DockerClientFactory;

/** As much of the containers as can be checked without Docker. */
class ContainersTest {
  @ParameterizedTest
  @CsvSource({
    "localstack, localstack/localstack:, ./init/localstack:/etc/localstack/init/ready.d:ro",
    "postgres, pgvector/pgvector:, ./init/postgres:/docker-entrypoint-initdb.d:ro"
  })
  void theProfileTakesTheComposeFilesPinnedImagesAndScripts(
      String service, String image, String volume) {
    assertThat(Containers.image(service)).startsWith(image).matches(".*:[a-z]*[0-9][0-9.]*");
    assertThat(Containers.service(service).volumes()).contains(volume);
  }

  @Test
  void theScriptsThatContainersRunAreThere() {
    assertThat(Clouds.ROOT.resolve("localstack/init/localstack/ready.sh"))
        .matches(Files::isExecutable, "is executable, as LocalStack demands");
    assertThat(Clouds.ROOT.resolve("localstack/init/postgres/vector.sql")).isRegularFile();
  }

  @Test
  void theProfileAsksForContainersAndTheWholePipeline() {
    assertThat(Containers.text("pom.xml"))
        .contains(
            "<id>docker</id>",
            "<sluice.containers>true</sluice.containers>",
            "<sluice.tests.included>e2e</sluice.tests.included>");
    assertThat(Containers.text("sluice")).contains("-Pdocker");
  }

  @Test
  @Tag("servers")
  void saysWhatToInstallWithoutADockerEngine() {
    assumeThat(DockerClientFactory.instance().isDockerAvailable()).isFalse();

    assertThatThrownBy(Containers::start)
        .hasMessageContaining("install one")
        .hasMessageContaining("./sluice test --e2e");
  }
}
