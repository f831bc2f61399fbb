package dev.sluice.webhook;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.sluice.callback.CallbackRefused;
import dev.sluice.telemetry.LogFields;
import dev.sluice.telemetry.Metrics;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Post;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where parsers call back. Every refusal looks the same from outside; the log has the reason. */
@Controller("/webhooks")
final class WebhookController {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookController.class);

  private final AcceptDelivery acceptDelivery;
  private final Metrics metrics;

  WebhookController(AcceptDelivery acceptDelivery, Metrics metrics) {
    this.acceptDelivery = acceptDelivery;
    this.metrics = metrics;
  }

  /**
   * Two addresses of one door: what a callback must be is in the header that we gave with its job.
   */
  @Post(
      uris = {"/llamaparse", "/parser"},
      consumes = MediaType.ALL)
  HttpResponse<?> callback(APIGatewayV2HTTPEvent event) {
    LogFields.put("stage", "webhook");
    try {
      acceptDelivery.accept(Delivery.of(event, acceptDelivery.largestBody()));
      return HttpResponse.accepted().body(Map.of());
    } catch (CallbackRefused refused) {
      return refuse(refused.reason());
    } catch (RuntimeException e) {
      LogFields.put("outcome", "failed");
      LOG.error("The callback was not taken; the parser sends it again, or the sweep polls", e);
      return problem(Problem.UNAVAILABLE);
    } finally {
      LogFields.clear();
    }
  }

  /** A request that does not get this far, for instance a broken form. */
  @Error(global = true)
  HttpResponse<?> unreadable(Throwable failure) {
    LOG.debug("The request could not be read", failure);
    return unreadable();
  }

  @Error(status = HttpStatus.BAD_REQUEST, global = true)
  HttpResponse<?> unreadable() {
    try {
      LogFields.put("stage", "webhook");
      return refuse("request_unreadable");
    } finally {
      LogFields.clear();
    }
  }

  private HttpResponse<?> refuse(String reason) {
    metrics.count("WebhookRefused", Map.of("reason", reason));
    LogFields.put("outcome", "refused");
    LogFields.put("code", reason);
    LOG.warn("A callback was refused: {}", reason);
    return problem(Problem.REFUSED);
  }

  private static HttpResponse<?> problem(Problem problem) {
    return HttpResponse.status(HttpStatus.valueOf(problem.status()))
        .contentType(MediaType.APPLICATION_JSON_PROBLEM)
        .body(problem);
  }
}
