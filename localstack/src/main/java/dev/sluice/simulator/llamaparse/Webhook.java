package dev.sluice.simulator.llamaparse;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a submitter wants to be called back.
 *
 * @param webhookEvents the events asked for; empty means all
 * @param webhookHeaders sent along unchanged
 * @param webhookOutputFormat {@code json} for an object, else the body is a JSON-encoded string
 * @param webhookSigningSecret the key of the signature, its ASCII characters; null for none
 */
record Webhook(
    String webhookUrl,
    List<String> webhookEvents,
    Map<String, String> webhookHeaders,
    @Nullable String webhookOutputFormat,
    @Nullable String webhookSigningSecret) {

  boolean wants(String event) {
    return webhookEvents.isEmpty() || webhookEvents.contains(event);
  }

  boolean asObject() {
    return "json".equals(webhookOutputFormat);
  }
}
