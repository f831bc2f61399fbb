package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestCommandTest {
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
  void uploadsTheBytesWithExactlyTheSignedHeaders() throws IOException {
    String file = file("policy.pdf", "%PDF-1.7 some bytes");

    assertThat(bench.run("ingest", file)).isZero();

    JsonNode posted = sluice.posted.getFirst();
    assertThat(posted.get("filename").asText()).isEqualTo("policy.pdf");
    assertThat(posted.get("mime_type").asText()).isEqualTo("application/pdf");
    assertThat(posted.get("size_bytes").asLong()).isEqualTo(19);
    // echo -n '%PDF-1.7 some bytes' | sha256sum
    assertThat(posted.get("sha256").asText())
        .isEqualTo("1d714333b7debe263ee34535e3eee80cbc77def67de5c9813d0d79d72d8fa517");
    assertThat(posted.has("document_id")).isFalse();
    assertThat(sluice.uploads.values())
        .singleElement()
        .satisfies(bytes -> assertThat(bytes).asString().isEqualTo("%PDF-1.7 some bytes"));
    assertThat(sluice.uploadHeaders.getFirst())
        .containsEntry("Content-type", List.of("application/pdf"))
        .containsEntry("Content-length", List.of("19"))
        .containsEntry("If-none-match", List.of("*"))
        .containsKey("X-amz-checksum-sha256")
        .doesNotContainKeys("Authorization", "Transfer-encoding", "Upgrade");
    assertThat(sluice.authorizations).allMatch(header -> header.equals("Bearer a-token"));
  }

  @Test
  void printsOneLineForEachChangeOfStatusAndThenTheReceipt() throws IOException {
    String file = file("notes.md", "# Notes");

    assertThat(bench.run("ingest", file)).isZero();

    assertThat(bench.out())
        .contains(
            file + ": uploading",
            file + ": parse_queued",
            file + ": embedding_in_progress (4 of 8 vectors)",
            file + ": complete",
            "document  pages  chunks  vectors  tokens       cost  seconds",
            "notes.md      3       8        8   1,234  $0.000025     2.25",
            "parse 1.50 s, validate 0.25 s, embed 0.50 s");
    assertThat(bench.err()).isEmpty();
  }

  @Test
  void printsOneJsonObjectAndNothingElse() throws IOException {
    String file = file("notes.md", "# Notes");

    assertThat(bench.run("ingest", "--json", file)).isZero();

    JsonNode document = bench.json().get("documents").get(0);
    assertThat(document.get("file").asText()).isEqualTo(file);
    assertThat(document.get("status").asText()).isEqualTo("complete");
    assertThat(document.get("error").isNull()).isTrue();
    assertThat(document.get("pages").asInt()).isEqualTo(3);
    assertThat(document.get("chunks").asInt()).isEqualTo(8);
    assertThat(document.get("vectors").asInt()).isEqualTo(8);
    assertThat(document.get("tokens").asInt()).isEqualTo(1234);
    assertThat(document.get("cost_microusd").decimalValue()).isEqualByComparingTo("24.68");
    assertThat(document.get("seconds").get("validate").asDouble()).isEqualTo(0.25);
    assertThat(document.get("document_id").asText()).hasSize(36);
    assertThat(document.get("job_id").asText()).hasSize(36);
    assertThat(bench.json().has("search")).isFalse();
    assertThat(bench.out().strip()).doesNotContain("\n");
    assertThat(bench.err()).contains(file + ": complete");
  }

  @Test
  void saysWhyADocumentFailedAndLetsTheOthersComplete() throws IOException {
    sluice.fail("locked.pdf", "failed_parse", "the PDF is protected by a password");
    String locked = file("locked.pdf", "%PDF-1.4 locked");
    String good = file("good.txt", "text");

    assertThat(bench.run("ingest", "--json", locked, good)).isEqualTo(1);

    JsonNode documents = bench.json().get("documents");
    assertThat(documents.get(0).get("status").asText()).isEqualTo("failed_parse");
    assertThat(documents.get(0).get("error").asText())
        .isEqualTo("the PDF is protected by a password");
    assertThat(documents.get(0).get("error_code").asText()).isEqualTo("broken_document");
    assertThat(documents.get(0).get("error_stage").asText()).isEqualTo("parse");
    assertThat(documents.get(1).get("status").asText()).isEqualTo("complete");
  }

  @Test
  void reportsPathsThatAreNoDocumentsAndGoesOn() throws IOException {
    Path subfolder = Files.createDirectory(folder.resolve("sub"));
    String missing = folder.resolve("missing.pdf").toString();
    String good = file("good.txt", "text");

    assertThat(bench.run("ingest", "--json", missing, subfolder.toString(), good)).isEqualTo(1);

    JsonNode documents = bench.json().get("documents");
    assertThat(documents).hasSize(3);
    assertThat(documents.get(0).get("status").asText()).isEqualTo("failed_upload");
    assertThat(documents.get(0).get("error").asText()).isEqualTo("there is no file " + missing);
    assertThat(documents.get(1).get("error").asText()).contains("is a folder");
    assertThat(documents.get(0).get("document_id").isNull()).isTrue();
    assertThat(documents.get(0).get("cost_microusd").decimalValue()).isEqualByComparingTo("0");
    assertThat(documents.get(2).get("status").asText()).isEqualTo("complete");
    assertThat(sluice.posted).hasSize(1);
  }

  @Test
  void showsFailuresAfterTheTable() throws IOException {
    String missing = folder.resolve("missing.pdf").toString();

    assertThat(bench.run("ingest", missing)).isEqualTo(1);

    assertThat(bench.out())
        .contains("✗ " + missing + ": failed_upload")
        .contains("    there is no file")
        .doesNotContain("vectors");
  }

  @Test
  void asksAgainWhenTheFailureIsAPassingOne() throws IOException {
    sluice.refuse(503, 429);
    assertThat(bench.run("ingest", file("a.txt", "a"))).isZero();
    assertThat(sluice.posted).hasSize(1);
  }

  @Test
  void takesAnObjectThatIsAlreadyThereAsUploadedOnASecondAttempt() throws IOException {
    sluice.refuseUploads(503, 412);
    assertThat(bench.run("ingest", file("a.txt", "a"))).isZero();
    assertThat(sluice.uploadHeaders).hasSize(2);
  }

  @Test
  void reportsWhatTheObjectStoreRefused() throws IOException {
    sluice.refuseUploads(412);

    assertThat(bench.run("ingest", "--json", file("a.txt", "a"))).isEqualTo(1);

    assertThat(bench.json().get("documents").get(0).get("error").asText())
        .isEqualTo(
            "the object store refused the upload with status 412:"
                + " <Error><Code>Scripted</Code></Error>");
  }

  @Test
  void reportsARefusalWithTheProblemsOwnWords() throws IOException {
    sluice.refuse(413);

    assertThat(bench.run("ingest", "--json", file("a.txt", "a"))).isEqualTo(1);

    JsonNode document = bench.json().get("documents").get(0);
    assertThat(document.get("status").asText()).isEqualTo("failed_upload");
    assertThat(document.get("error").asText()).isEqualTo("the script says 413");
    assertThat(document.get("error_code").asText()).isEqualTo("scripted");
  }

  @Test
  void stopsFollowingAtTheTimeoutAndSaysThatTheJobGoesOn() throws IOException {
    sluice.script("slow.txt", "uploaded", "parse_queued");

    assertThat(bench.run("ingest", "--json", "--timeout", "20s", file("slow.txt", "slow")))
        .isEqualTo(1);

    JsonNode document = bench.json().get("documents").get(0);
    assertThat(document.get("status").asText()).isEqualTo("parse_queued");
    assertThat(document.get("error").asText())
        .startsWith("still parse_queued after 20 s; the job goes on");
    assertThat(bench.pauses).allSatisfy(pause -> assertThat(pause).hasMillis(pause.toMillis()));
    assertThat(bench.pauses.getFirst()).hasMillis(100);
    assertThat(bench.pauses.getLast()).hasMillis(1000);
  }

  @Test
  void saysThatANewerUploadTookOver() throws IOException {
    sluice.addNewerGeneration("parsed");

    assertThat(bench.run("ingest", "--json", file("a.txt", "a"))).isEqualTo(1);

    JsonNode document = bench.json().get("documents").get(0);
    assertThat(document.get("status").asText()).isEqualTo("cancelled");
    assertThat(document.get("error_code").asText()).isEqualTo("superseded");
  }

  @Test
  void doesNotMindANewerGenerationWhoseBytesNeverCame() throws IOException {
    sluice.addNewerGeneration("uploaded");
    assertThat(bench.run("ingest", file("a.txt", "a"))).isZero();
  }

  @Test
  void ingestsTheSameBytesOneAfterTheOther() throws IOException {
    String one = file("one.txt", "same");
    String two = file("two.txt", "same");

    assertThat(bench.run("ingest", "--json", one, two)).isZero();

    JsonNode documents = bench.json().get("documents");
    assertThat(documents.get(0).get("document_id")).isEqualTo(documents.get(1).get("document_id"));
    assertThat(documents.get(0).get("job_id")).isNotEqualTo(documents.get(1).get("job_id"));
  }

  @Test
  void sendsTheDocumentIdThatWasGiven() throws IOException {
    String id = "3b9f0000-0000-4000-8000-000000000001";
    assertThat(bench.run("ingest", "--document", id, file("a.txt", "a"))).isZero();
    assertThat(sluice.posted.getFirst().get("document_id").asText()).isEqualTo(id);
  }

  @Test
  void takesOneFileOnlyForOneDocument() throws IOException {
    assertThat(bench.run("ingest", "--document", "x", file("a.txt", "a"), file("b.txt", "b")))
        .isEqualTo(2);
    assertThat(bench.err()).contains("--document names one document, so it takes one file");
  }

  @Test
  void startsACloudOfItsOwnAndStopsIt() throws IOException {
    Bench alone = new Bench(folder).startable(sluice.url());

    assertThat(alone.run("ingest", "--json", file("a.txt", "a"))).isZero();

    assertThat(alone.started).isOne();
    assertThat(alone.closed).isOne();
    assertThat(alone.err()).contains("· everything");
  }

  @Test
  void callsADeploymentWhenOneIsNamed() throws IOException {
    Bench remote = new Bench(folder);
    remote.environment.put("SLUICE_TOKEN", "theirs");

    assertThat(remote.run("ingest", "--url", sluice.url() + "/", file("a.txt", "a"))).isZero();

    assertThat(remote.started).isZero();
    assertThat(sluice.authorizations).contains("Bearer theirs");
  }

  @Test
  void wantsATokenForADeployment() throws IOException {
    assertThat(bench.run("ingest", "--url", "https://sluice.test", file("a.txt", "a")))
        .isEqualTo(2);
    assertThat(bench.err()).contains("a token is needed to call https://sluice.test");
  }

  @Test
  void drawsABoardForAPersonWhoWatches() throws IOException {
    bench.watched(90);
    String good = file("a document.txt", "a");

    assertThat(bench.run("ingest", good, folder.resolve("none").toString())).isEqualTo(1);

    assertThat(bench.out())
        .contains("\u001b[2A")
        .contains("complete: 3 pages, 8 vectors")
        .contains("failed_upload: there is no file")
        .doesNotContain(good + ": uploading");
  }

  @Test
  void refusesATimeoutThatIsNone() throws IOException {
    assertThat(bench.run("ingest", "--timeout", "soon", file("a.txt", "a"))).isEqualTo(2);
    assertThat(bench.err())
        .contains("'soon' is no duration; write 90s, 15m or 2h")
        .contains("Try: ./sluice ingest --help");
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }
}
