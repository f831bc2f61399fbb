package dev.sluice.callback;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys from which every header and secret of a callback is made, by key id. One is current and
 * makes new ones; the others still verify, until what they made has expired, or until their own end
 * if they are given one.
 */
public final class MasterKeys {
  private static final String CURRENT = "current";
  private static final String END = ".until";
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

  /** As long as the hash: a shorter key would be the weakest part. */
  private static final int SHORTEST_KEY = 32;

  private final String current;
  private final Map<String, byte[]> keys;
  private final Map<String, Instant> ends;

  private MasterKeys(String current, Map<String, byte[]> keys, Map<String, Instant> ends) {
    this.current = current;
    this.keys = keys;
    this.ends = ends;
  }

  /**
   * Reads the secret {@code {"current": "k2", "k2": "…", "k1": "…", "k1.until":
   * "2026-12-01T00:00:00Z"}}: an older key may have an end, in ISO 8601, after which it verifies
   * nothing.
   *
   * @throws IllegalArgumentException if it names no current key, a key is under 32 characters, or
   *     an end is none or is the current key's; the message never contains a key
   */
  public static MasterKeys of(Map<String, String> secret) {
    var keys = new HashMap<String, byte[]>();
    var ends = new HashMap<String, Instant>();
    secret.forEach(
        (id, value) -> {
          if (id.endsWith(END)) {
            ends.put(id.substring(0, id.length() - END.length()), end(id, value));
          } else if (!id.equals(CURRENT)) {
            keys.put(checkedId(id), checkedKey(id, value));
          }
        });
    var current = secret.get(CURRENT);
    if (current == null || !keys.containsKey(current)) {
      throw new IllegalArgumentException("the webhook secret's current key is not among its keys");
    }
    if (ends.containsKey(current)) {
      throw new IllegalArgumentException("the webhook secret's current key has an end");
    }
    return new MasterKeys(current, keys, ends);
  }

  /** The id of the key that makes new headers and secrets. */
  public String current() {
    return current;
  }

  byte @Nullable [] find(String keyId) {
    return keys.get(keyId);
  }

  boolean hasEnded(String keyId, Instant now) {
    var end = ends.get(keyId);
    return end != null && now.isAfter(end);
  }

  private static Instant end(String id, String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(id + " of the webhook secret is not an instant");
    }
  }

  private static String checkedId(String id) {
    if (!KEY_ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "a key id of the webhook secret is not " + KEY_ID.pattern());
    }
    return id;
  }

  private static byte[] checkedKey(String id, String key) {
    if (key.length() < SHORTEST_KEY) {
      throw new IllegalArgumentException(
          "key " + id + " of the webhook secret is under " + SHORTEST_KEY + " characters");
    }
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
