package dev.sluice.simulator.llamaparse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.simulator.http.Json;
import dev.sluice.simulator.llamaparse.Problem.Violation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a request to parse as strictly as the provider: an unknown field is an error. */
final class SubmissionReader {
  private static final Set<String> FIELDS =
      Set.of(
          "file_id",
          "source_url",
          "http_proxy",
          "tier",
          "version",
          "client_name",
          "disable_cache",
          "user_metadata",
          "page_ranges",
          "crop_box",
          "input_options",
          "output_options",
          "processing_control",
          "processing_options",
          "agentic_options",
          "fast_options",
          "webhook_configurations",
          "organization_id",
          "project_id");

  /** What changes who is told, and not what the result is. */
  private static final List<String> NOT_OPTIONS =
      List.of(
          "file_id",
          "source_url",
          "http_proxy",
          "client_name",
          "disable_cache",
          "user_metadata",
          "webhook_configurations",
          "organization_id",
          "project_id");

  private final List<Violation> violations = new ArrayList<>();
  private final JsonNode root;

  private SubmissionReader(JsonNode root) {
    this.root = root;
  }

  /**
   * @param uploaded whether the file came with the request, so that neither a file id nor an
   *     address may
   */
  static Submission read(byte[] json, boolean uploaded) throws Problem {
    SubmissionReader reader = new SubmissionReader(parse(json));
    Submission submission = reader.submission(uploaded);
    if (!reader.violations.isEmpty()) {
      throw Problem.invalid(reader.violations);
    }
    return submission;
  }

  private static JsonNode parse(byte[] json) throws Problem {
    try {
      JsonNode root = Json.MAPPER.readTree(json);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw Problem.invalid(List.of(Violation.of("JSON decode error", "json_invalid", "body", 0)));
    } catch (IOException e) {
      throw new IllegalStateException("reading bytes in memory failed", e);
    }
    throw Problem.invalid(
        List.of(Violation.of("Input should be an object", "model_attributes_type", "body")));
  }

  private Submission submission(boolean uploaded) {
    root.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                fail("Extra inputs are not permitted", "extra_forbidden", name);
              }
            });
    String fileId = string("file_id");
    String sourceUrl = string("source_url");
    int sources = (fileId == null ? 0 : 1) + (sourceUrl == null ? 0 : 1);
    if (sources != (uploaded ? 0 : 1)) {
      violations.add(
          Violation.of(
              uploaded
                  ? "Value error, a file was uploaded: leave out 'file_id' and 'source_url'"
                  : "Value error, exactly one of 'file_id' or 'source_url' must be provided",
              "value_error",
              "body"));
    }
    return new Submission(
        fileId,
        sourceUrl,
        tier(),
        required("version"),
        webhooks(),
        strings(root.path("user_metadata"), "user_metadata"),
        root.path("disable_cache").asBoolean(false),
        pages(root.path("page_ranges")),
        optionsHash());
  }

  private Tier tier() {
    String name = required("tier");
    return Tier.named(name)
        .orElseGet(
            () -> {
              if (!name.isEmpty()) {
                fail(
                    "Input should be 'fast', 'cost_effective', 'agentic' or 'agentic_plus'",
                    "literal_error",
                    "tier");
              }
              return Tier.FAST;
            });
  }

  private List<Webhook> webhooks() {
    List<Webhook> webhooks = new ArrayList<>();
    JsonNode configurations = root.path("webhook_configurations");
    if (!isAbsent(configurations) && !configurations.isArray()) {
      fail("Input should be a valid list", "list_type", "webhook_configurations");
    }
    for (JsonNode node : configurations) {
      webhooks.add(WebhookReader.read(node, webhooks.size(), violations));
    }
    return webhooks;
  }

  private Map<String, String> strings(JsonNode node, String name) {
    Map<String, String> strings = new LinkedHashMap<>();
    if (!isAbsent(node) && !node.isObject()) {
      fail("Input should be a valid dictionary", "dict_type", name);
    }
    node.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isTextual()) {
                violations.add(
                    Violation.of(
                        "Input should be a valid string",
                        "string_type",
                        "body",
                        name,
                        entry.getKey()));
              }
              strings.put(entry.getKey(), entry.getValue().asText());
            });
    return strings;
  }

  private PageSelection pages(JsonNode node) {
    List<List<Integer>> ranges = List.of();
    if (node.hasNonNull("target_pages")) {
      ranges = PageSelection.ranges(node.get("target_pages").asText()).orElse(List.of());
      if (ranges.isEmpty()) {
        fail("Value error, expected pages such as '1,3,5-8'", "value_error", "page_ranges");
      }
    }
    Integer most = node.hasNonNull("max_pages") ? node.get("max_pages").intValue() : null;
    return new PageSelection(ranges, most);
  }

  private String optionsHash() {
    ObjectNode options = ((ObjectNode) root).deepCopy();
    options.remove(NOT_OPTIONS);
    Map<String, JsonNode> sorted = new TreeMap<>();
    options.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return Digest.sha256(sorted.toString());
  }

  private String required(String name) {
    if (!root.has(name)) {
      fail("Field required", "missing", name);
    }
    String value = string(name);
    return value == null ? "" : value;
  }

  private @Nullable String string(String name) {
    JsonNode node = root.path(name);
    if (isAbsent(node)) {
      return null;
    }
    if (!node.isTextual()) {
      fail("Input should be a valid string", "string_type", name);
    }
    return node.asText();
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private void fail(String msg, String type, String field) {
    violations.add(Violation.of(msg, type, "body", field));
  }
}
