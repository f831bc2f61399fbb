package dev.sluice.localstack.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client gets for a function's answer in payload format 2.0.
 *
 * @param headers by lower-case name
 * @param cookies each the value of a {@code set-cookie} header
 */
record HttpApiResponse(int status, Map<String, String> headers, List<String> cookies, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The server says these itself. */
  private static final Set<String> OWN_HEADERS =
      Set.of("content-length", "transfer-encoding", "connection", "date");

  /** Nothing if the answer is not one that API Gateway takes: it then says 500 to the client. */
  static Optional<HttpApiResponse> of(byte[] payload) {
    try {
      JsonNode answer = JSON.readTree(payload);
      if (answer.isMissingNode()) {
        return Optional.empty();
      }
      return answer.hasNonNull("statusCode")
          ? stated(answer)
          : Optional.of(inferred(answer, payload));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** JSON without a status code is the body of a success; a bare string is its text. */
  private static HttpApiResponse inferred(JsonNode answer, byte[] payload) {
    byte[] body =
        answer.isTextual() ? answer.textValue().getBytes(StandardCharsets.UTF_8) : payload;
    return new HttpApiResponse(200, Map.of("content-type", "application/json"), List.of(), body);
  }

  private static Optional<HttpApiResponse> stated(JsonNode answer) {
    int status = answer.get("statusCode").asInt(0);
    if (status < 100 || status > 599) {
      return Optional.empty();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "text/plain; charset=utf-8");
    answer.path("headers").properties().forEach(header -> put(headers, header));
    List<String> cookies = new ArrayList<>();
    answer.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
    return Optional.of(new HttpApiResponse(status, headers, cookies, body(answer)));
  }

  private static void put(Map<String, String> headers, Map.Entry<String, JsonNode> header) {
    String name = header.getKey().toLowerCase(Locale.ROOT);
    if (!OWN_HEADERS.contains(name) && !header.getValue().isNull()) {
      headers.put(name, header.getValue().asText());
    }
  }

  private static byte[] body(JsonNode answer) {
    JsonNode body = answer.path("body");
    if (body.getNodeType() != JsonNodeType.STRING) {
      return body.isMissingNode() || body.isNull() ? new byte[0] : utf8(body.toString());
    }
    String text = body.textValue();
    return answer.path("isBase64Encoded").asBoolean()
        ? Base64.getDecoder().decode(text)
        : utf8(text);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
