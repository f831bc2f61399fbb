package dev.sluice.parse;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.Map;

/**
 * What an external parser is asked. The same job may be asked twice: it is one job.
 *
 * @param sourceUrl where the bytes can be read, for some time
 */
@Serdeable(naming = SnakeCaseStrategy.class)
record ExternalRequest(String jobId, String sourceUrl, String mimeType, Callback callback) {

  /**
   * Where and how to call back, by Standard Webhooks.
   *
   * @param headers to be sent along as they are
   * @param idPrefix what {@code webhook-id} begins with; the parser adds a nonce of its own
   * @param secret {@code whsec_} and base64
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Callback(String url, Map<String, String> headers, String idPrefix, String secret) {

    @Override
    public String toString() {
      return "Callback[" + url + "]";
    }
  }
}
