package dev.sluice.callback;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys from which every header and secret of a callback is made, by key id. One is current and
 * makes new ones; the others still verify, until what they made has expired.
 */
public final class MasterKeys {
  private static final String CURRENT = "current";
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

  /** As long as the hash: a shorter key would be the weakest part. */
  private static final int SHORTEST_KEY = 32;

  private final String current;
  private final Map<String, byte[]> keys;

  private MasterKeys(String current, Map<String, byte[]> keys) {
    this.current = current;
    this.keys = keys;
  }

  /**
   * Reads the secret {@code {"current": "k2", "k1": "…", "k2": "…"}}.
   *
   * @throws IllegalArgumentException if it names no current key, or a key is under 32 characters;
   *     the message never contains a key
   */
  public static MasterKeys of(Map<String, String> secret) {
    var keys = new HashMap<String, byte[]>();
    secret.forEach(
        (id, key) -> {
          if (!id.equals(CURRENT)) {
            keys.put(checkedId(id), checkedKey(id, key));
          }
        });
    var current = secret.get(CURRENT);
    if (current == null || !keys.containsKey(current)) {
      throw new IllegalArgumentException("the webhook secret's current key is not among its keys");
    }
    return new MasterKeys(current, keys);
  }

  /** The id of the key that makes new headers and secrets. */
  public String current() {
    return current;
  }

  byte @Nullable [] find(String keyId) {
    return keys.get(keyId);
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
