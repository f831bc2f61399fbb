package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.faults.ProviderAdmin;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.samples.SampleDocuments;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline while both providers do what docs/faults.md has them do. */
@Tag("crash")
class MisbehavingProvidersTest {
  private static final int DOCUMENTS = 4;

  private static final String PLAN =
      """
      {"seed": 7,
       "rules": [
         {"provider": "llamaparse", "operation": "submit", "fault": "status", "status": 503, "count": 1},
         {"provider": "llamaparse", "operation": "submit", "fault": "reset", "count": 1},
         {"provider": "llamaparse", "operation": "callback", "fault": "forged", "count": 1},
         {"provider": "llamaparse", "operation": "callback", "fault": "string_body", "count": 1},
         {"provider": "llamaparse", "operation": "callback", "fault": "replayed", "count": 1},
         {"provider": "llamaparse", "operation": "callback", "fault": "doubled"},
         {"provider": "llamaparse", "operation": "get", "fault": "html", "count": 1},
         {"provider": "openai", "operation": "embeddings", "fault": "status", "status": 429,
          "code": "rate_limit_exceeded", "retry_after_ms": 300, "count": 1},
         {"provider": "openai", "operation": "embeddings", "fault": "wrong_count", "count": 1},
         {"provider": "openai", "operation": "embeddings", "fault": "nan", "count": 1},
         {"provider": "openai", "operation": "embeddings", "fault": "truncated", "count": 1},
         {"provider": "openai", "operation": "embeddings", "fault": "wrong_order"}]}
      """;

  @TempDir static Path folder;
  private static LocalCloud cloud;

  @BeforeAll
  static void start() throws Exception {
    cloud = Clouds.start(folder);
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Test
  void everyDocumentIsCompleteWithTheVectorsOfGoodProviders() throws Exception {
    var calm = ingest(new Pipeline(cloud, UUID.randomUUID()));
    JsonNode log;
    List<JsonNode> disturbed;
    try (var admin = new ProviderAdmin(cloud.endpoints().admin())) {
      var unused = admin.begin(PLAN.getBytes(StandardCharsets.UTF_8));
      disturbed = ingest(new Pipeline(cloud, UUID.randomUUID()));
      log = admin.log();
    }

    assertThat(disturbed).extracting(job -> job.path("status").asText()).containsOnly("complete");
    assertThat(disturbed)
        .extracting(job -> job.path("receipt").path("vectors").asInt())
        .isEqualTo(calm.stream().map(job -> job.path("receipt").path("vectors").asInt()).toList());
    assertThat(faults(log))
        .as("what the plan has done")
        .contains(
            "reset", "forged", "doubled", "html", "status", "wrong_count", "nan", "truncated");
  }

  /** Each user's documents are new to the parser, so that none is answered from its cache. */
  private static List<JsonNode> ingest(Pipeline user) {
    var text = UUID.randomUUID().toString();
    var created = new ArrayList<JsonNode>();
    for (int i = 0; i < DOCUMENTS; i++) {
      created.add(
          user.upload(
              i + ".pdf", "application/pdf", SampleDocuments.numbered("Barge " + text + i, 8)));
    }
    return created.stream().map(user::finished).toList();
  }

  private static List<String> faults(JsonNode log) {
    return StreamSupport.stream(log.path("decisions").spliterator(), false)
        .map(decision -> decision.path("fault").asText())
        .distinct()
        .toList();
  }
}
