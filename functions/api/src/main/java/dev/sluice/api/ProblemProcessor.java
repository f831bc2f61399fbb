package dev.sluice.api;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a problem of everything that Micronaut refuses or that breaks. */
@Singleton
final class ProblemProcessor implements ErrorResponseProcessor<Problem> {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemProcessor.class);

  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    var status = response.status();
    if (status.getCode() >= 500) {
      LOG.error("The call broke", context.getRootCause().orElse(null));
    }
    return response
        .body(
            Problem.of(
                status, code(status), detail(status), CorrelationIds.of(context.getRequest())))
        .contentType(Problem.MEDIA_TYPE);
  }

  private static String code(HttpStatus status) {
    return switch (status) {
      case BAD_REQUEST, UNPROCESSABLE_ENTITY -> "malformed_request";
      case NOT_FOUND -> "unknown_route";
      case METHOD_NOT_ALLOWED -> "method_not_allowed";
      case NOT_ACCEPTABLE -> "not_acceptable";
      case REQUEST_ENTITY_TOO_LARGE -> "body_too_large";
      case UNSUPPORTED_MEDIA_TYPE -> "unsupported_media_type";
      default -> status.getCode() < 500 ? "refused" : "internal_error";
    };
  }

  /** Never the exception's own words: they name classes, and may quote what was sent. */
  private static String detail(HttpStatus status) {
    return switch (status) {
      case BAD_REQUEST, UNPROCESSABLE_ENTITY ->
          "The request is not what this route takes: see its fields, their types and their names.";
      case NOT_FOUND -> "There is no such route.";
      case METHOD_NOT_ALLOWED -> "The route does not take this method.";
      case UNSUPPORTED_MEDIA_TYPE -> "The route takes application/json.";
      default ->
          status.getCode() < 500
              ? status.getReason()
              : "Something broke on our side; the correlation id finds it in the log.";
    };
  }
}
