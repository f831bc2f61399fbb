package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.document.Hashes;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.samples.SampleDocuments;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline with a parser of one's own in LlamaParse's place. */
@Tag("e2e")
class OwnParserPipelineTest {
  private static final byte[] READABLE = SampleDocuments.numbered("The barge Margit", 5);
  private static final byte[] UNREADABLE = SampleDocuments.imageOnly();
  private static final String TEXT =
      "# The barge Margit\n\nIts cargo of walnut veneer was insured for the passage to Passau.\n";

  @TempDir static Path state;
  private static final List<String> FETCHED = new CopyOnWriteArrayList<>();
  private static OwnParser parser;
  private static LocalCloud cloud;

  private final Pipeline user = new Pipeline(cloud, UUID.randomUUID());

  @BeforeAll
  static void start() throws Exception {
    parser = new OwnParser(OwnParserPipelineTest::parse);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("SLUICE_PARAMETERS", "Parser=external ExternalParserUrl=" + parser.url());
    cloud = Clouds.start(state, environment);
  }

  private static String parse(byte[] bytes) {
    FETCHED.add(Hashes.ofBytes(bytes));
    return Hashes.ofBytes(bytes).equals(Hashes.ofBytes(READABLE)) ? TEXT : "";
  }

  @AfterAll
  static void stop() {
    cloud.close();
    parser.close();
  }

  @Test
  void whatItReadsIsSearchableAndWhatItCannotReadFails() {
    var readable = user.upload("margit.pdf", "application/pdf", READABLE);
    var unreadable = user.upload("scan.pdf", "application/pdf", UNREADABLE);

    var job = user.finished(readable);
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("complete");
    var failed = user.finished(unreadable);
    assertThat(failed.path("status").asText()).as(failed.toString()).isEqualTo("failed_parse");
    assertThat(failed.at("/error/code").asText()).isEqualTo("parse_failed");

    assertThat(FETCHED).contains(Hashes.ofBytes(READABLE), Hashes.ofBytes(UNREADABLE));
    assertThat(parser.answers).isNotEmpty().allMatch(status -> status / 100 == 2);
    assertThat(cloud.servers().llamaParse().counters().requests()).isZero();
    var best = user.search("walnut veneer cargo", 1).path("results").get(0);
    assertThat(best.path("filename").asText()).isEqualTo("margit.pdf");
    assertThat(best.path("text").asText()).contains("insured for the passage to Passau");
  }
}
