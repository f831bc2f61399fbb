package dev.sluice.parse;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A submission in the parser's own words; it refuses any field that it does not know.
 *
 * @param sourceUrl null when the bytes are uploaded with it
 * @param webhookConfigurations null for a parser that cannot reach us, which is asked instead
 * @param userMetadata comes back with the job
 */
@Serdeable(naming = SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record ParseRequest(
    @Nullable String sourceUrl,
    String tier,
    String version,
    @Nullable List<Callback> webhookConfigurations,
    Map<String, String> userMetadata) {

  /**
   * Where and how to call back.
   *
   * @param webhookSigningSecret plain ASCII
   */
  @Serdeable(naming = SnakeCaseStrategy.class)
  record Callback(
      String webhookUrl,
      List<String> webhookEvents,
      Map<String, String> webhookHeaders,
      String webhookOutputFormat,
      String webhookSigningSecret) {

    @Override
    public String toString() {
      return "Callback[" + webhookUrl + "]";
    }
  }
}
