package dev.sluice.parse;

import io.micronaut.json.tree.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parser's answers. A job's fields stand at the top when it is submitted, listed or
 * cancelled, and under {@code job} when it is asked for.
 */
final class ParserJobReader {
  private static final JsonNode NOTHING = JsonNode.createObjectNode(Map.of());

  /** It becomes part of addresses. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /** What is more is a mistake, and must not become an amount of money. */
  private static final double MOST_CREDITS = 1e9;

  private ParserJobReader() {}

  /**
   * Reads one job.
   *
   * @throws IllegalArgumentException if it has no id or no status
   */
  static ParserJob job(JsonNode answer) {
    var job = child(answer, "job") == NOTHING ? answer : child(answer, "job");
    var id = text(job, "id");
    var status = text(job, "status");
    if (id == null || !ID.matcher(id).matches() || status == null) {
      throw new IllegalArgumentException("the parser's answer has no job id or no status");
    }
    return new ParserJob(
        id,
        ParserJob.Status.ofName(status),
        texts(child(job, "user_metadata")),
        text(job, "error_code"),
        text(job, "error_message"),
        time(text(job, "created_at")),
        credits(child(job, "usage")));
  }

  /**
   * Reads the jobs of a list.
   *
   * @throws IllegalArgumentException if it is none: what it does not name would be paid for again
   */
  static ParserJobList jobs(JsonNode answer) {
    var items = answer.get("items");
    if (items == null || !items.isArray()) {
      throw new IllegalArgumentException("the parser's answer has no list of jobs");
    }
    var jobs =
        StreamSupport.stream(items.values().spliterator(), false)
            .map(ParserJobReader::job)
            .toList();
    return new ParserJobList(jobs, text(answer, "next_page_token"));
  }

  /** Null for what is no time; without a zone it is UTC. */
  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null
          ? null
          : Instant.parse(text.matches(".*(Z|[+-]\\d\\d:\\d\\d)") ? text : text + "Z");
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Rounded up: the provider's type would allow for parts of a credit. */
  private static @Nullable Long credits(JsonNode usage) {
    var value = usage.get("credits");
    if (value == null || !value.isNumber()) {
      return null;
    }
    double credits = Math.ceil(value.getDoubleValue());
    return credits >= 0 && credits <= MOST_CREDITS ? (Long) (long) credits : null;
  }

  private static Map<String, String> texts(JsonNode node) {
    var texts = new HashMap<String, String>();
    node.entries()
        .forEach(
            entry -> {
              if (entry.getValue().isValueNode()) {
                texts.put(entry.getKey(), entry.getValue().coerceStringValue());
              }
            });
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
}
