package dev.sluice.parse;

import dev.sluice.document.StoragePath;
import dev.sluice.message.ParseMessage;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the parse queue carries: the bucket's events beside {@link ParseMessage}s. */
@Singleton
final class ParseQueue {
  private static final Logger LOG = LoggerFactory.getLogger(ParseQueue.class);

  private final ObjectMapper json;
  private final ParseJobs jobs;

  ParseQueue(ObjectMapper json, ParseJobs jobs) {
    this.json = json;
    this.jobs = jobs;
  }

  /**
   * The messages in a body. An upload gives a message to submit, with the correlation id and the
   * retry count of its job; a test event of S3 gives none.
   *
   * @throws IOException if it is neither
   * @throws IllegalArgumentException if the event's key is not one of a document
   */
  List<ParseMessage> read(String body) throws IOException {
    if (!isEvent(body)) {
      return List.of(json.readValue(body, ParseMessage.class));
    }
    return json.readValue(body, BucketEvent.class).keys().stream()
        .map(StoragePath::ofKey)
        .flatMap(path -> submission(path).stream())
        .toList();
  }

  /**
   * Whether it is an event of the bucket.
   *
   * @throws IOException if it is neither that nor a message
   */
  boolean isEvent(String body) throws IOException {
    var node = json.readValue(body, JsonNode.class);
    if (!node.isObject()) {
      throw new IOException("neither an event of the bucket nor a parse message");
    }
    return node.get("Records") != null || node.get("Event") != null;
  }

  private Optional<ParseMessage> submission(StoragePath uploaded) {
    var job = jobs.find(uploaded.job()).filter(row -> row.rawPath().equals(uploaded));
    if (job.isEmpty()) {
      LOG.warn("No job waits for {}; its upload is ignored", uploaded.key());
    }
    return job.map(
        row ->
            new ParseMessage(
                ParseMessage.Kind.SUBMIT, row.job(), row.retryCount(), row.correlationId()));
  }
}
