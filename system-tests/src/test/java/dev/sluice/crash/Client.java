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

  /** Announces an upload that does not come. */
  JsonNode announce(Sample sample) {
    return announce(sample.announcement(sample.unique()));
  }

  /** Announces and uploads; returns the announcement's answer. */
  JsonNode upload(Sample sample) {
    var bytes = sample.unique();
    return put(announce(sample.announcement(bytes)), bytes);
  }

  /** The same, as the document's next generation. */
  JsonNode upload(Sample sample, String documentId) {
    var bytes = sample.unique();
    return put(announce(sample.announcement(bytes).put("document_id", documentId)), bytes);
  }

  /** A repeated call has the first one's key. */
  private JsonNode announce(JsonNode announcement) {
    var key = UUID.randomUUID().toString();
    return Pipeline.json(repeated(() -> pipeline.announce(announcement, key)));
  }

  private JsonNode put(JsonNode created, byte[] bytes) {
    var stored = repeated(() -> pipeline.put(created, bytes));
    if (stored.statusCode() != 200 && stored.statusCode() != PRECONDITION_FAILED) {
      throw new AssertionError("PUT answered " + stored.statusCode() + ": " + stored.body());
    }
    return created;
  }

  /** Acts; an answer that it is done already is one too, since the call may be repeated. */
  void act(Act act, JsonNode created) {
    var id = created.path("document_id").asText();
    var answer =
        repeated(
            () ->
                switch (act) {
                  case CANCEL -> pipeline.post("/jobs/" + id + "/cancel");
                  case RETRY -> pipeline.post("/jobs/" + id + "/retry");
                  case DELETE -> pipeline.delete("/documents/" + id);
                  case ROLLBACK -> pipeline.post("/documents/" + id + "/rollback?generation=1");
                  case DROP -> throw new AssertionError(act + " is no user's");
                });
    if (answer.statusCode() >= 300 && answer.statusCode() != (act == Act.DELETE ? 404 : 409)) {
      throw new AssertionError(act + " answered " + answer.statusCode() + ": " + answer.body());
    }
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
