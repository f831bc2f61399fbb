package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import io.micronaut.json.tree.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The body of our own contract: {@code {job_id, status, artifacts: […], meta: {parser_name,
 * parser_version}}}. A complete one has exactly one artifact, a failed one has none.
 *
 * @param artifact empty if the parser could not read the document
 */
record ParserReport(String jobId, Optional<Artifact> artifact, String parserName, String version) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._@/-]{0,99}");

  /**
   * Reads a report.
   *
   * @throws CallbackRefused if it lacks something, has something else, or is of another job
   */
  static ParserReport of(JsonNode body, UUID jobId) {
    var report = new StrictObject(body, Set.of("job_id", "status", "artifacts", "meta"));
    if (!report.text("job_id").equals(jobId.toString())) {
      throw new CallbackRefused("job_differs");
    }
    var meta = report.object("meta", Set.of("parser_name", "parser_version"));
    return new ParserReport(
        jobId.toString(),
        artifact(report),
        meta.text("parser_name", WORD),
        meta.text("parser_version", WORD));
  }

  private static Optional<Artifact> artifact(StrictObject report) {
    var artifacts = report.list("artifacts");
    return switch (report.text("status") + " " + artifacts.size()) {
      case "complete 1" -> Optional.of(Artifact.of(artifacts.getFirst()));
      case "failed 0" -> Optional.empty();
      default -> throw new CallbackRefused("status_unknown");
    };
  }
}
