package dev.sluice.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param status the HTTP status
 * @param headers headers beside the length, which the server sets
 * @param body the bytes to send when there is no file
 * @param file a file to stream as the body, else null
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reply(int status, Map<String, String> headers, byte[] body, @Nullable Path file) {

  public static Reply json(int status, Object value) {
    try {
      return bytes(status, "application/json", Json.MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply could not be written as JSON", e);
    }
  }

  public static Reply text(int status, String body) {
    return bytes(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  public static Reply bytes(int status, String contentType, byte[] body) {
    return new Reply(status, Map.of("Content-Type", contentType), body, null);
  }

  public static Reply file(String contentType, Path file) {
    return new Reply(200, Map.of("Content-Type", contentType), new byte[0], file);
  }

  public Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body, file);
  }
}
