package dev.sluice.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.sluice.telemetry.LogFields;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.servlet.http.ServletHttpRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Around every call: who it is, what it is called in the logs, and one line when it is over. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class CallFilter {
  private static final Logger LOG = LoggerFactory.getLogger(CallFilter.class);
  private static final String STARTED = "sluice.started";

  @RequestFilter
  void enter(HttpRequest<?> request) {
    var correlationId = CorrelationIds.of(request);
    LogFields.put("correlation_id", correlationId);
    request.setAttribute(CorrelationIds.ATTRIBUTE, correlationId);
    request.setAttribute(STARTED, System.nanoTime());
    var userId = subject(request);
    LogFields.put("user_id", userId.toString());
    request.setAttribute(Caller.ATTRIBUTE, new Caller(userId, correlationId));
  }

  @ResponseFilter
  void leave(HttpRequest<?> request, MutableHttpResponse<?> response) {
    response.header(CorrelationIds.HEADER, CorrelationIds.of(request));
    long started = request.getAttribute(STARTED, Long.class).orElseGet(System::nanoTime);
    LogFields.put("duration_ms", Long.toString((System.nanoTime() - started) / 1_000_000));
    LogFields.put("outcome", Integer.toString(response.code()));
    LOG.info("{} {} answered {}", request.getMethodName(), request.getPath(), response.code());
    LogFields.clear();
  }

  /** The gateway has verified the token; a subject that is no UUID cannot be a tenant. */
  private static UUID subject(HttpRequest<?> request) {
    var subject = claim(request, "sub");
    try {
      if (subject != null && subject.length() == 36) {
        return UUID.fromString(subject);
      }
    } catch (IllegalArgumentException e) {
      // Answered below.
    }
    throw Refusal.unauthenticated();
  }

  private static @Nullable String claim(HttpRequest<?> request, String name) {
    if (!(request instanceof ServletHttpRequest<?, ?> servlet)
        || !(servlet.getNativeRequest() instanceof APIGatewayV2HTTPEvent event)) {
      return null;
    }
    var context = event.getRequestContext();
    var authorizer = context == null ? null : context.getAuthorizer();
    var jwt = authorizer == null ? null : authorizer.getJwt();
    return jwt == null || jwt.getClaims() == null ? null : jwt.getClaims().get(name);
  }
}
