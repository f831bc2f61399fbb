package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path folder;
  private ScriptedSluice sluice;
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    sluice = new ScriptedSluice();
    bench = new Bench(folder).startable(sluice.url());
    Path samples = Files.createDirectories(folder.resolve("localstack/samples"));
    Files.writeString(samples.resolve("policy.md"), "# Policy");
    Files.writeString(samples.resolve("faq.txt"), "Questions");
    Files.writeString(samples.resolve("README.md"), "no sample");
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Test
  void showsTheSamplesFromUploadToSearch() {
    assertThat(bench.run("demo")).isZero();

    assertThat(bench.out())
        .contains("Sluice: 2 documents, all on this machine.")
        .contains("· everything")
        .contains("policy.md", "faq.txt")
        .contains("all ")
        .contains("Search: Is damage from a burst water pipe covered?")
        .contains(", page 2 (Cover › Water damage)")
        .contains("Damage caused by a burst pipe is covered.")
        .contains("Full log: " + folder.resolve(".sluice/logs"))
        .doesNotContain("README");
    assertThat(bench.closed).isOne();
  }

  @Test
  void searchesOnesOwnDocumentForItsFirstHeading() throws IOException {
    Path own = Files.writeString(folder.resolve("my lease-2026.md"), "# Lease");

    assertThat(bench.run("demo", "--json", own.toString())).isZero();

    assertThat(sluice.searches.get(0).get("query").asText()).isEqualTo("my lease 2026");
    assertThat(sluice.searches.get(1).get("query").asText()).isEqualTo("Cover Water damage");
    JsonNode report = bench.json();
    assertThat(report.get("documents")).hasSize(1);
    assertThat(report.get("search").get("query").asText()).isEqualTo("Cover Water damage");
    assertThat(report.get("search").get("results").get(0).get("page").asInt()).isEqualTo(2);
    assertThat(report.get("search").has("answer")).isFalse();
    assertThat(bench.err()).contains("Sluice: 1 document, all on this machine.");
  }

  @Test
  void endsWithoutASearchWhenNothingIsComplete() {
    sluice.fail("policy.md", "failed_parse", "broken").fail("faq.txt", "failed_parse", "broken");

    assertThat(bench.run("demo")).isEqualTo(1);

    assertThat(bench.out()).doesNotContain("Search:").contains("Full log:");
    assertThat(sluice.searches).isEmpty();
  }

  @Test
  void usesTheCloudThatRuns() {
    bench.running(sluice.url());
    assertThat(bench.run("demo")).isZero();
    assertThat(bench.started).isZero();
  }

  @Test
  void saysWhenTheSamplesAreMissing() {
    Bench elsewhere = new Bench(folder.resolve("elsewhere")).startable(sluice.url());
    assertThat(elsewhere.run("demo")).isEqualTo(2);
    assertThat(elsewhere.err()).contains("the samples in").contains("could not be read");
  }
}
