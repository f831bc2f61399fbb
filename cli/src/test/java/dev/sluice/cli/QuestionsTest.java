package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running cloud: status, search, token. */
class QuestionsTest {
  @TempDir Path folder;
  private ScriptedSluice sluice;
  private Bench bench;

  @BeforeEach
  void start() throws IOException {
    sluice = new ScriptedSluice();
    bench = new Bench(folder).running(sluice.url());
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @Test
  void listsDocumentsWithTheirStatus() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("status")).isZero();
    assertThat(bench.out())
        .contains(id + "  complete")
        .contains("policy.txt")
        .contains("8 of 8 vectors");
  }

  @Test
  void saysHowToBeginWhenThereIsNothing() {
    assertThat(bench.run("status")).isZero();
    assertThat(bench.out()).contains("No documents yet. Send one with: sluice ingest FILE");
  }

  @Test
  void showsAllAboutOneDocument() throws IOException {
    sluice.fail("locked.txt", "failed_parse", "the PDF is protected by a password");
    String id = ingested("locked.txt");

    assertThat(bench.run("status", id)).isZero();

    assertThat(bench.out())
        .contains("failed_parse")
        .contains("the PDF is protected by a password (broken_document)")
        .contains("unread pages 1, 3")
        .contains("c0ffee")
        .contains("(generation 1)");
  }

  @Test
  void showsWhatACompleteDocumentCostAndWhatReuseSaved() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("status", id)).isZero();
    assertThat(bench.out())
        .contains("cost         1,234 tokens, $0.000025")
        .contains("saved        3 vectors bought before: 500 tokens, $0.000010");
  }

  @Test
  void printsStatusAsJson() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("status", "--json", id)).isZero();
    assertThat(bench.json().get("document_id").asText()).isEqualTo(id);

    Bench all = new Bench(folder).running(sluice.url());
    assertThat(all.run("status", "--json")).isZero();
    assertThat(all.json().get("jobs")).hasSize(1);
  }

  @Test
  void saysThatADocumentIsUnknown() {
    assertThat(bench.run("status", "nobody")).isEqualTo(2);
    assertThat(bench.err()).isEqualTo("sluice: there is no document nobody of yours\n");
  }

  @Test
  void findsPassagesWithTheirPage() throws IOException {
    ingested("policy.txt");
    assertThat(bench.run("search", "burst", "pipe")).isZero();
    assertThat(sluice.searches.getFirst().get("query").asText()).isEqualTo("burst pipe");
    assertThat(sluice.searches.getFirst().get("top_k").asInt()).isEqualTo(5);
    assertThat(bench.out())
        .contains("  1. policy.txt, page 2 (Cover › Water damage)  0.750")
        .contains("     Damage caused by a burst pipe is covered.");
  }

  @Test
  void printsPassagesAsJson() throws IOException {
    String id = ingested("policy.txt");
    assertThat(bench.run("search", "--json", "--top", "3", "--document", id, "pipe")).isZero();
    assertThat(sluice.searches.getFirst().get("document_id").asText()).isEqualTo(id);
    assertThat(bench.json().get("mode").asText()).isEqualTo("vector");
    assertThat(bench.json().get("results").get(0).get("text").asText()).contains("burst pipe");
  }

  @Test
  void saysWhenNothingWasFound() {
    assertThat(bench.run("search", "anything")).isZero();
    assertThat(bench.out()).contains("Nothing found.");
  }

  @Test
  void refusesQuestionsThatAreNone() {
    assertThat(bench.run("search", "--top", "51", "x")).isEqualTo(2);
    assertThat(bench.run("search", "  ")).isEqualTo(2);
    assertThat(bench.run("search")).isEqualTo(2);
    assertThat(bench.err())
        .contains("--top takes a number from 1 to 50, not 51")
        .contains("there is nothing to search for")
        .contains("Try: ./sluice search --help");
  }

  @Test
  void saysHowToStartACloudWhenNoneRuns() {
    Bench alone = new Bench(folder);
    assertThat(alone.run("search", "x")).isEqualTo(2);
    assertThat(alone.err())
        .isEqualTo("sluice: no local cloud is running; start one with: ./sluice up\n");
  }

  @Test
  void saysWhenNobodyAnswersAndKeepsTheStackTraceInAFile() throws IOException {
    bench.running(URI.create("http://127.0.0.1:1"));

    assertThat(bench.run("status")).isEqualTo(2);

    assertThat(bench.err())
        .startsWith("sluice: http://127.0.0.1:1 could not be reached")
        .doesNotContain("\tat ");
    assertThat(folder.resolve(".sluice/logs/cli.log")).content().contains("\tat ");
    assertThat(bench.pauses).hasSize(4);
  }

  @Test
  void refusesAnAddressThatIsNone() {
    bench.environment.put("SLUICE_TOKEN", "t");
    assertThat(bench.run("status", "--url", "nowhere")).isEqualTo(2);
    assertThat(bench.run("status", "--url", "http://a b")).isEqualTo(2);
    assertThat(bench.err()).contains("nowhere is no address").contains("http://a b is no address");
  }

  @Test
  void printsATokenAndNothingElse() {
    assertThat(bench.run("token")).isZero();
    assertThat(bench.out()).isEqualTo("a-token\n");
    assertThat(new Bench(folder).run("token")).isEqualTo(2);
  }

  private String ingested(String name) throws IOException {
    Bench other = new Bench(folder).running(sluice.url());
    other.run("ingest", "--json", Files.writeString(folder.resolve(name), name).toString());
    return other.json().get("documents").get(0).get("document_id").asText();
  }
}
