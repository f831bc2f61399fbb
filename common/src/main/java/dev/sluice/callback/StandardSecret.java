package dev.sluice.callback;

import java.util.Base64;
import java.util.HexFormat;

/**
 * A job's signing secret as Standard Webhooks writes it: {@code whsec_} and its 32 bytes in base64.
 */
public final class StandardSecret {
  private static final String PREFIX = "whsec_";

  private StandardSecret() {}

  /** For the parser, from what {@link CallbackKeys#signingSecret} gives. */
  public static String of(String signingSecret) {
    return PREFIX + Base64.getEncoder().encodeToString(key(signingSecret));
  }

  /** The bytes that sign. */
  public static byte[] key(String signingSecret) {
    return HexFormat.of().parseHex(signingSecret);
  }
}
