package dev.sluice.webhook;

import dev.sluice.callback.CallbackRefused;
import java.util.regex.Pattern;

/** What a callback's own headers must say of its body: JSON in UTF-8, as it is. */
final class PlainJson {
  private static final Pattern MEDIA_TYPE =
      Pattern.compile(
          "application/json(?:[ \\t]*;[ \\t]*charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);

  private PlainJson() {}

  /**
   * Checks type and encoding.
   *
   * @throws CallbackRefused if they say anything else
   */
  static void check(Delivery delivery) {
    if (!MEDIA_TYPE.matcher(delivery.single("Content-Type").strip()).matches()) {
      throw new CallbackRefused("content_type_wrong");
    }
    var encoding = delivery.single("Content-Encoding").strip();
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      throw new CallbackRefused("body_encoded");
    }
  }
}
