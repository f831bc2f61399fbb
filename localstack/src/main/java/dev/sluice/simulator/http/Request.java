package dev.sluice.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request as a simulator sees it. The body is a stream, since an upload may have 512 MB. */
public final class Request {
  private final HttpExchange exchange;
  private final Map<String, List<String>> query;

  Request(HttpExchange exchange) {
    this.exchange = exchange;
    this.query = parseQuery(exchange.getRequestURI().getRawQuery());
  }

  public String method() {
    return exchange.getRequestMethod();
  }

  /** The decoded path, without the query. */
  public String path() {
    return exchange.getRequestURI().getPath();
  }

  /** Method and path in one string, for matching routes and for logs. */
  public String target() {
    return method() + " " + path();
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The credential of {@code Authorization: Bearer …}. */
  public Optional<String> bearer() {
    return header("Authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }

  public Optional<String> parameter(String name) {
    return parameters(name).stream().findFirst();
  }

  /** Every value of a query parameter, repeated or separated by commas. */
  public List<String> parameters(String name) {
    return query.getOrDefault(name, List.of()).stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  public InputStream body() {
    return exchange.getRequestBody();
  }

  /**
   * Reads the whole body.
   *
   * @param limit the most bytes accepted
   * @throws BodyTooLarge if the body has more
   */
  public byte[] bodyBytes(int limit) throws IOException {
    byte[] bytes = body().readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new BodyTooLarge(limit);
    }
    return bytes;
  }

  private static Map<String, List<String>> parseQuery(@Nullable String raw) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (raw == null) {
      return parameters;
    }
    for (String pair : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      parameters
          .computeIfAbsent(decode(parts[0]), name -> new ArrayList<>())
          .add(parts.length == 2 ? decode(parts[1]) : "");
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** The body has more bytes than the operation takes. */
  public static final class BodyTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTooLarge(int limit) {
      super("the body has more than " + limit + " bytes");
    }
  }
}
