package dev.sluice.webhook;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.sluice.callback.CallbackRefused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One callback as it arrived; nothing in it is believed yet.
 *
 * @param headers by lower-case name; API Gateway joins what came twice by a comma
 * @param body the raw bytes, which is what the signature covers
 * @param source the address that called, as API Gateway saw it; a header could claim any
 */
record Delivery(Map<String, String> headers, byte[] body, String source) {
  Delivery {
    headers =
        headers.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT),
                    Map.Entry::getValue,
                    (first, second) -> first + "," + second));
  }

  /**
   * Takes the bytes from API Gateway's event, without anybody's idea of what they might mean.
   *
   * @param largestBody in bytes; a longer one is not even decoded
   * @throws CallbackRefused if it is longer, or said to be Base64 and is not
   */
  static Delivery of(APIGatewayV2HTTPEvent event, int largestBody) {
    var body = Objects.requireNonNullElse(event.getBody(), "");
    if (body.length() > 4L * Math.ceilDiv(largestBody, 3)) {
      throw new CallbackRefused("body_too_large");
    }
    return new Delivery(
        present(event.getHeaders()),
        event.getIsBase64Encoded() ? decoded(body) : body.getBytes(StandardCharsets.UTF_8),
        source(event));
  }

  /** The header's value, or empty, which no check accepts. */
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /**
   * As {@link #header}, of one that may stand once only: who signed the first and who the second?
   *
   * @throws CallbackRefused if it came twice
   */
  String single(String name) {
    var value = header(name);
    if (value.indexOf(',') >= 0) {
      throw new CallbackRefused("header_repeated");
    }
    return value;
  }

  private static Map<String, String> present(@Nullable Map<String, String> headers) {
    return Objects.requireNonNullElse(headers, Map.<String, String>of()).entrySet().stream()
        .filter(header -> header.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static byte[] decoded(String body) {
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new CallbackRefused("body_not_base64");
    }
  }

  private static String source(APIGatewayV2HTTPEvent event) {
    var context = event.getRequestContext();
    var http = context == null ? null : context.getHttp();
    return http == null || http.getSourceIp() == null ? "" : http.getSourceIp();
  }
}
