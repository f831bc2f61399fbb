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
 * @param ending how much of it is sent
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reply(
    int status, Map<String, String> headers, byte[] body, @Nullable Path file, Ending ending) {
  /** The connection is closed, and nothing is answered. */
  public static final Reply NOTHING = new Reply(200, Map.of(), new byte[0], null, Ending.NOTHING);

  /** How much of a reply is sent. */
  public enum Ending {
    /** All of it. */
    WHOLE,
    /** Half of the body, whose length is the one that is announced. */
    TRUNCATED,
    /** Half of the body that was announced; then the connection is closed. */
    CUT,
    /** Nothing at all. */
    NOTHING
  }

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
    return new Reply(status, Map.of("Content-Type", contentType), body, null, Ending.WHOLE);
  }

  public static Reply file(String contentType, Path file) {
    return new Reply(200, Map.of("Content-Type", contentType), new byte[0], file, Ending.WHOLE);
  }

  public Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body, file, ending);
  }

  public Reply ending(Ending other) {
    return new Reply(status, headers, body, file, other);
  }
}
