package dev.sluice.localstack.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The event that a function gets for a request: payload format 2.0. */
final class HttpApiEvent {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Media types whose body is sent as text; all others are sent in Base64, forms among them. */
  private static final Pattern TEXT =
      Pattern.compile(
          "text/.*|application/(.*\\+)?(json|xml|javascript)", Pattern.CASE_INSENSITIVE);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HttpApiEvent() {}

  /**
   * The event's JSON.
   *
   * @param claims of the caller's token, as text; nothing when the route is open
   */
  static byte[] of(
      ApiRequest request,
      RouteTable.Match route,
      Optional<Map<String, String>> claims,
      String requestId,
      Instant now) {
    ObjectNode event = JSON.createObjectNode();
    event.put("version", "2.0");
    event.put("routeKey", route.trigger().key());
    event.put("rawPath", request.rawPath());
    event.put("rawQueryString", request.rawQuery());
    if (!request.cookies().isEmpty()) {
      request.cookies().forEach(event.withArray("cookies")::add);
    }
    request.headers().forEach(event.putObject("headers")::put);
    putUnlessEmpty(event, "queryStringParameters", query(request.rawQuery()));
    event.set("requestContext", context(request, route, claims, requestId, now));
    putUnlessEmpty(event, "pathParameters", route.parameters());
    putBody(event, request);
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a JSON form", e);
    }
  }

  private static ObjectNode context(
      ApiRequest request,
      RouteTable.Match route,
      Optional<Map<String, String>> claims,
      String requestId,
      Instant now) {
    ObjectNode context = JSON.createObjectNode();
    context.put("accountId", "000000000000");
    context.put("apiId", "localcloud");
    if (claims.isPresent()) {
      ObjectNode jwt = context.putObject("authorizer").putObject("jwt");
      claims.get().forEach(jwt.putObject("claims")::put);
      jwt.putNull("scopes");
    }
    context.put("domainName", request.header("host"));
    context.put("domainPrefix", "localcloud");
    ObjectNode http = context.putObject("http");
    http.put("method", request.method());
    http.put("path", request.rawPath());
    http.put("protocol", request.protocol());
    http.put("sourceIp", request.sourceIp());
    http.put("userAgent", request.header("user-agent"));
    context.put("requestId", requestId);
    context.put("routeKey", route.trigger().key());
    context.put("stage", "$default");
    context.put("time", TIME.format(now));
    context.put("timeEpoch", now.toEpochMilli());
    return context;
  }

  private static void putUnlessEmpty(ObjectNode event, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      values.forEach(event.putObject(name)::put);
    }
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : raw.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        parameters.merge(name, value, (first, second) -> first + "," + second);
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void putBody(ObjectNode event, ApiRequest request) {
    Optional<String> text = request.body().length == 0 ? Optional.empty() : text(request);
    if (text.isPresent()) {
      event.put("body", text.get());
    } else if (request.body().length > 0) {
      event.put("body", Base64.getEncoder().encodeToString(request.body()));
    }
    event.put("isBase64Encoded", request.body().length > 0 && text.isEmpty());
  }

  private static Optional<String> text(ApiRequest request) {
    String type = request.header("content-type");
    int parameters = type.indexOf(';');
    String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    if (!TEXT.matcher(media).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(request.body())).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
