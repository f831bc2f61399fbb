package dev.sluice.webhook;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One callback as it arrived; nothing in it is believed yet.
 *
 * @param headers by lower-case name
 * @param body the raw bytes, which is what the signature covers
 */
record Delivery(Map<String, String> headers, byte[] body) {
  Delivery {
    headers =
        headers.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT),
                    Map.Entry::getValue,
                    (first, second) -> first + "," + second));
  }

  /** The header's value, or empty, which no check accepts. */
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }
}
