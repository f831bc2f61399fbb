package dev.sluice.parse;

import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.json.tree.JsonNode;
import java.net.ConnectException;
import java.util.Optional;

/** What the HTTP client's exceptions mean to a document. */
final class ParserFaults {
  static final String LIMITED = "parse_rate_limited";
  static final String NO_KEY = "parse_unauthorized";
  static final String NO_CREDITS = "parse_credits_exhausted";

  private static final int LONGEST_QUOTE = 200;

  private ParserFaults() {}

  static ParserFault of(HttpClientException failure) {
    return failure instanceof HttpClientResponseException answer
        ? ofAnswer(answer)
        : new ParserFault.Unavailable(
            "parse_unavailable", "The parser did not answer.", neverConnected(failure), failure);
  }

  private static ParserFault ofAnswer(HttpClientResponseException answer) {
    int status = answer.code();
    return switch (status) {
      case 401, 403 ->
          new ParserFault.Unavailable(NO_KEY, "The parser does not accept our key.", true, answer);
      case 402 ->
          new ParserFault.Unavailable(
              NO_CREDITS, "The parser's credits are used up.", true, answer);
      case 408, 425, 429 ->
          new ParserFault.Unavailable(
              LIMITED, "The parser takes no more documents now.", true, answer);
      default ->
          status >= 500
              ? new ParserFault.Unavailable(
                  "parse_unavailable",
                  "The parser failed with status " + status + ".",
                  false,
                  answer)
              : new ParserFault.Refused(
                  "parse_refused",
                  "The parser refused the document with status " + status + complaint(answer),
                  answer);
    };
  }

  /** The parser's own words, where it gives the usual list of complaints. */
  private static String complaint(HttpClientResponseException answer) {
    return answer
        .getResponse()
        .getBody(JsonNode.class)
        .flatMap(body -> Optional.ofNullable(body.get("detail")))
        .flatMap(detail -> Optional.ofNullable(detail.isArray() ? detail.get(0) : detail))
        .flatMap(first -> Optional.ofNullable(first.isObject() ? first.get("msg") : first))
        .filter(JsonNode::isString)
        .map(message -> ": " + quote(message.getStringValue()))
        .orElse(".");
  }

  /** Someone else's sentence, cut to a length that fits a row and a line. */
  static String quote(String words) {
    var line = words.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
  }

  private static boolean neverConnected(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return true;
      }
    }
    return false;
  }
}
