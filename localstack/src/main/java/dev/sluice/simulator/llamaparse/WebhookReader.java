package dev.sluice.simulator.llamaparse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.simulator.llamaparse.Problem.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one webhook configuration, strictly. */
final class WebhookReader {
  private static final Set<String> FIELDS =
      Set.of(
          "webhook_url",
          "webhook_events",
          "webhook_headers",
          "webhook_output_format",
          "webhook_signing_secret");

  private WebhookReader() {}

  static Webhook read(JsonNode node, int index, List<Violation> violations) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                violations.add(
                    violation("Extra inputs are not permitted", "extra_forbidden", index, name));
              }
            });
    String url = node.path("webhook_url").asText("");
    if (!url.matches("https?://\\S+")) {
      violations.add(violation("Input should be a valid URL", "url_parsing", index, "webhook_url"));
    }
    List<String> events = new ArrayList<>();
    node.path("webhook_events").forEach(event -> events.add(event.asText()));
    Map<String, String> headers = new LinkedHashMap<>();
    node.path("webhook_headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return new Webhook(
        url,
        events,
        headers,
        text(node, "webhook_output_format"),
        text(node, "webhook_signing_secret"));
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.hasNonNull(name) ? node.get(name).asText() : null;
  }

  private static Violation violation(String msg, String type, int index, String field) {
    return Violation.of(msg, type, "body", "webhook_configurations", index, field);
  }
}
