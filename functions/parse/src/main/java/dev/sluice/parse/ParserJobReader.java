package dev.sluice.parse;

import io.micronaut.json.tree.JsonNode;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parser's answers. The provider has moved fields about between releases: a job's fields
 * stand at the top or under {@code job}, the content's address under {@code
 * markdown_content_metadata} or {@code result_content_metadata.markdown}.
 */
final class ParserJobReader {
  private static final JsonNode NOTHING = JsonNode.createObjectNode(Map.of());

  private ParserJobReader() {}

  /**
   * Reads one job.
   *
   * @throws IllegalArgumentException if it has no id or no status
   */
  static ParserJob job(JsonNode answer) {
    var job = answer.get("job") == null ? answer : child(answer, "job");
    var id = text(job, "id");
    var status = text(job, "status");
    if (id == null || status == null) {
      throw new IllegalArgumentException("the parser's answer has no job id or no status");
    }
    return new ParserJob(
        id,
        ParserJob.Status.ofName(status),
        texts(child(job, "user_metadata")),
        text(job, "error_code"),
        text(job, "error_message"),
        pages(answer),
        number(child(answer, "job_metadata"), "job_credits_usage"),
        content(answer));
  }

  /** Reads the jobs of a list. */
  static List<ParserJob> jobs(JsonNode answer) {
    var items = answer.get("items");
    return items == null
        ? List.of()
        : StreamSupport.stream(items.values().spliterator(), false)
            .map(ParserJobReader::job)
            .toList();
  }

  private static @Nullable Integer pages(JsonNode answer) {
    var pages = number(child(answer, "job_metadata"), "job_pages");
    return pages == null ? null : Math.toIntExact(pages);
  }

  private static @Nullable URI content(JsonNode answer) {
    var url = text(child(answer, "markdown_content_metadata"), "presigned_url");
    if (url == null) {
      url = text(child(child(answer, "result_content_metadata"), "markdown"), "presigned_url");
    }
    return url == null ? null : URI.create(url);
  }

  private static Map<String, String> texts(JsonNode node) {
    var texts = new HashMap<String, String>();
    node.entries()
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().coerceStringValue()));
    return texts;
  }

  private static JsonNode child(JsonNode node, String name) {
    var child = node.get(name);
    return child == null || !child.isObject() ? NOTHING : child;
  }

  private static @Nullable String text(JsonNode node, String name) {
    var value = node.get(name);
    return value == null || !value.isString() ? null : value.getStringValue();
  }

  private static @Nullable Long number(JsonNode node, String name) {
    var value = node.get(name);
    return value == null || !value.isNumber() ? null : value.getNumberValue().longValue();
  }
}
