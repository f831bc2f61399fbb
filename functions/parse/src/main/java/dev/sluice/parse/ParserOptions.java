package dev.sluice.parse;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.net.URI;
import java.time.Duration;

/**
 * How documents are handed to the parser.
 *
 * @param tier the parser's quality and price
 * @param version the parser's own version of that tier
 * @param submit how the bytes reach it
 * @param callbackUrl where it calls back
 * @param callbackLifetime how long a callback is believed after its submission
 * @param sourceLifetime how long it may read the bytes by their URL
 * @param downloadTimeout for fetching a result
 */
@ConfigurationProperties("sluice.llamaparse")
record ParserOptions(
    String tier,
    String version,
    Submit submit,
    URI callbackUrl,
    Duration callbackLifetime,
    Duration sourceLifetime,
    Duration downloadTimeout) {

  static final String NAME = "llamaparse";

  /** How the bytes reach the parser. */
  enum Submit {
    /** It reads them by a URL that expires. */
    URL,
    /** They are uploaded: for a parser that cannot reach the bucket, nor our callback's address. */
    UPLOAD
  }

  /** The rule-based tier makes plain text only. */
  boolean makesMarkdown() {
    return !tier.equals("fast");
  }

  ParseJobs.Parser parser() {
    return new ParseJobs.Parser(NAME, parserVersion());
  }

  /** Bytes parsed before with the same options are not parsed again. */
  String parserVersion() {
    return tier + "@" + version;
  }
}
