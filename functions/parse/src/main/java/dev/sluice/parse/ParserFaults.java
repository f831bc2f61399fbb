package dev.sluice.parse;

import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.http.codec.CodecException;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    return ofStatus(answer.code(), complaint(answer), answer);
  }

  /**
   * What a status means; a success is none, since the answer could not be read.
   *
   * @param complaint the end of the sentence about a refusal
   */
  static ParserFault ofStatus(int status, String complaint, @Nullable Exception cause) {
    return switch (status) {
      case 401, 403 ->
          new ParserFault.Unavailable(NO_KEY, "The parser does not accept our key.", true, cause);
      case 402 ->
          new ParserFault.Unavailable(NO_CREDITS, "The parser's credits are used up.", true, cause);
      case 425, 429 ->
          new ParserFault.Unavailable(
              LIMITED, "The parser takes no more documents now.", true, cause);
      default ->
          status < 300
              ? unreadable(cause)
              : status == 408 || status >= 500
                  ? new ParserFault.Unavailable(
                      "parse_unavailable",
                      "The parser failed with status " + status + ".",
                      false,
                      cause)
                  : new ParserFault.Refused(
                      "parse_refused",
                      "The parser refused the document with status " + status + complaint,
                      cause);
    };
  }

  /** It answered, and may have done what it was asked. */
  static ParserFault unreadable(@Nullable Exception cause) {
    return new ParserFault.Unavailable(
        "parse_answer_unreadable", "The parser's answer could not be read.", false, cause);
  }

  /** The parser's own words, where it gives the usual list of complaints. */
  private static String complaint(HttpClientResponseException answer) {
    try {
      return answer.getResponse().getBody(byte[].class).map(ParserFaults::complaint).orElse(".");
    } catch (CodecException e) {
      // What says that it is JSON, and is not.
      return ".";
    }
  }

  /** The end of a sentence. */
  static String complaint(byte[] body) {
    try {
      return Optional.ofNullable(ObjectMapper.getDefault().readValue(body, JsonNode.class))
          .flatMap(problem -> Optional.ofNullable(problem.get("detail")))
          .flatMap(detail -> detail.isArray() ? first(detail) : Optional.of(detail))
          .flatMap(first -> Optional.ofNullable(first.isObject() ? first.get("msg") : first))
          .filter(JsonNode::isString)
          .map(message -> ": " + quote(message.getStringValue()))
          .orElse(".");
    } catch (IOException e) {
      return ".";
    }
  }

  private static Optional<JsonNode> first(JsonNode details) {
    var each = details.values().iterator();
    return each.hasNext() ? Optional.of(each.next()) : Optional.empty();
  }

  /** Someone else's sentence, cut to a length that fits a row and a line, of whole characters. */
  static String quote(String words) {
    var line = words.replaceAll("[\\s\\p{Cntrl}\\p{Cs}]+", " ").strip();
    int end = Math.min(line.length(), LONGEST_QUOTE);
    boolean cuts = end < line.length();
    return line.substring(
            0, cuts && Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end)
        + (cuts ? "…" : "");
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
