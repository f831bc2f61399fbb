package dev.sluice.parse;

import java.util.Locale;

/** Documents that are text as they come. */
final class PlainText {
  static final String PARSER_NAME = "none";
  static final String PARSER_VERSION = "1";

  private PlainText() {}

  /** Whether a document of that MIME type skips the parser: any text but HTML. */
  static boolean is(String mimeType) {
    var type = mimeType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    return type.startsWith("text/") && !type.equals("text/html");
  }
}
