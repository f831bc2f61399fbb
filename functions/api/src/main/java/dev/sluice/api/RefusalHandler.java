package dev.sluice.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Answers what the code refuses by itself. */
@Singleton
final class RefusalHandler implements ExceptionHandler<Refusal, HttpResponse<Problem>> {
  @Override
  public HttpResponse<Problem> handle(HttpRequest request, Refusal refusal) {
    var problem =
        Problem.of(refusal.status(), refusal.code(), refusal.detail(), CorrelationIds.of(request));
    return HttpResponse.<Problem>status(refusal.status())
        .body(problem)
        .contentType(Problem.MEDIA_TYPE);
  }
}
