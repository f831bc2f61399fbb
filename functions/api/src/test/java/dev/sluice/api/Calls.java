package dev.sluice.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.sluice.fixture.LambdaCall;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.type.Argument;
import io.micronaut.function.aws.proxy.payload2.APIGatewayV2HTTPEventFunction;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls the function with the events that API Gateway would send. */
final class Calls {
  private final APIGatewayV2HTTPEventFunction function;
  private final ObjectMapper json = ObjectMapper.getDefault();

  Calls(ApplicationContext context) {
    this.function = new APIGatewayV2HTTPEventFunction(context);
  }

  /** An answer, its body read. */
  record Answer(int status, Map<String, String> headers, Map<String, Object> body) {
    String text(String field) {
      return String.valueOf(body.get(field));
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> object(String field) {
      return (Map<String, Object>) body.get(field);
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> objects(String field) {
      return (List<Map<String, Object>>) body.get(field);
    }
  }

  Answer call(
      String method,
      String path,
      @Nullable String body,
      @Nullable String subject,
      Map<String, String> headers) {
    var all = new HashMap<>(Map.of("content-type", "application/json"));
    all.putAll(headers);
    var context =
        APIGatewayV2HTTPEvent.RequestContext.builder()
            .withStage("$default")
            .withHttp(
                APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                    .withMethod(method)
                    .withPath(path)
                    .build());
    if (subject != null) {
      context.withAuthorizer(
          APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
              .withJwt(
                  APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT
                      .builder()
                      .withClaims(Map.of("sub", subject, "aud", "sluice"))
                      .build())
              .build());
    }
    int query = path.indexOf('?');
    var event =
        APIGatewayV2HTTPEvent.builder()
            .withVersion("2.0")
            .withRawPath(query < 0 ? path : path.substring(0, query))
            .withRouteKey("$default")
            .withHeaders(all)
            .withBody(body)
            .withIsBase64Encoded(false)
            .withRequestContext(context.build());
    if (query >= 0) {
      var parameters = new HashMap<String, String>();
      for (var pair : path.substring(query + 1).split("&")) {
        parameters.put(pair.split("=")[0], pair.split("=")[1]);
      }
      event.withRawQueryString(path.substring(query + 1)).withQueryStringParameters(parameters);
    }
    return read(function.handleRequest(event.build(), LambdaCall.context()));
  }

  /** Calls with a sample event of this module. */
  Answer callWith(String event) {
    return read(
        function.handleRequest(
            LambdaCall.event(APIGatewayV2HTTPEvent.class, event), LambdaCall.context()));
  }

  private Answer read(APIGatewayV2HTTPResponse response) {
    var headers = new HashMap<String, String>();
    if (response.getMultiValueHeaders() != null) {
      response
          .getMultiValueHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
    }
    if (response.getHeaders() != null) {
      response.getHeaders().forEach((name, value) -> headers.put(name.toLowerCase(), value));
    }
    try {
      var body = response.getBody();
      return new Answer(
          response.getStatusCode(),
          headers,
          body == null || body.isEmpty()
              ? Map.of()
              : json.readValue(body, Argument.mapOf(String.class, Object.class)));
    } catch (IOException e) {
      throw new UncheckedIOException(response.getBody(), e);
    }
  }
}
