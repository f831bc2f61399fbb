package dev.sluice.localstack.template;

/**
 * A route of the HTTP API that invokes a function.
 *
 * @param method in upper case, or {@code ANY}
 * @param path such as {@code /documents/{document_id}} or {@code /files/{proxy+}}; {@code $default}
 *     takes what no other route takes
 * @param authorized whether the API's JWT authorizer must accept the caller first
 */
public record RouteTrigger(String method, String path, boolean authorized) {

  /** The key that AWS gives the route: {@code GET /jobs}, or {@code $default}. */
  public String key() {
    return path.equals("$default") ? path : method + " " + path;
  }
}
