package dev.sluice.localstack.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A request as it arrived.
 *
 * @param rawPath undecoded
 * @param rawQuery undecoded; empty when there is none
 * @param headers by lower-case name, several values joined by a comma, without cookies
 * @param cookies each {@code name=value}
 */
record ApiRequest(
    String method,
    String rawPath,
    String rawQuery,
    String protocol,
    String sourceIp,
    Map<String, String> headers,
    List<String> cookies,
    byte[] body) {

  static ApiRequest of(HttpExchange exchange, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    String cookies = headers.remove("cookie");
    String source = exchange.getRemoteAddress().getAddress().getHostAddress();
    headers.put("x-forwarded-for", source);
    headers.put("x-forwarded-port", String.valueOf(exchange.getLocalAddress().getPort()));
    headers.put("x-forwarded-proto", "http");
    return new ApiRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getRawPath(),
        Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), ""),
        exchange.getProtocol(),
        source,
        headers,
        cookies == null ? List.of() : List.of(cookies.split("; *")),
        body);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }
}
