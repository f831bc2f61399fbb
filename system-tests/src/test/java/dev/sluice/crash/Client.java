package dev.sluice.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.pipeline.Pipeline;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.function.Supplier;

/** A user's program, which repeats a call that the server has broken, as any real one does. */
final class Client {
  private static final int TRIES = 5;

  /** S3's answer to a repeated upload: the object is there. */
  private static final int PRECONDITION_FAILED = 412;

  final UUID user = UUID.randomUUID();
  private final Pipeline pipeline;

  Client(CrashCloud cloud) {
    this.pipeline = new Pipeline(cloud.cloud, user);
  }

  /** Announces and uploads; returns the announcement's answer. */
  JsonNode upload(byte[] bytes) {
    var announcement = Pipeline.announcement("barge.pdf", "application/pdf", bytes);
    var created = Pipeline.json(repeated(() -> pipeline.post("/documents", announcement)));
    var stored = repeated(() -> pipeline.put(created, bytes));
    if (stored.statusCode() != 200 && stored.statusCode() != PRECONDITION_FAILED) {
      throw new AssertionError("PUT answered " + stored.statusCode() + ": " + stored.body());
    }
    return created;
  }

  JsonNode job(JsonNode created) {
    return Pipeline.json(
        repeated(() -> pipeline.get("/jobs/" + created.path("document_id").asText())));
  }

  JsonNode search(String query) {
    var question = JsonNodeFactory.instance.objectNode().put("query", query).put("top_k", 3);
    return Pipeline.json(repeated(() -> pipeline.post("/search", question)));
  }

  private static HttpResponse<String> repeated(Supplier<HttpResponse<String>> call) {
    UncheckedIOException lost = null;
    HttpResponse<String> answer = null;
    for (int i = 0; i < TRIES && (answer == null || answer.statusCode() >= 500); i++) {
      try {
        answer = call.get();
      } catch (UncheckedIOException e) {
        lost = e;
      }
    }
    if (answer == null) {
      throw new AssertionError("no answer after " + TRIES + " tries", lost);
    }
    return answer;
  }
}
