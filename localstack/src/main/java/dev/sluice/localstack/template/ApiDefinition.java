package dev.sluice.localstack.template;

import java.util.List;
import java.util.Optional;

/**
 * The HTTP API.
 *
 * @param throttle the stage's limit, when the template sets one
 */
public record ApiDefinition(
    String logicalId, Optional<JwtAuthorizerDefinition> authorizer, Optional<Throttle> throttle) {

  /**
   * Who may call the routes that are not open.
   *
   * @param issuer that a token must come from
   * @param audiences of which a token must name one
   */
  public record JwtAuthorizerDefinition(String name, String issuer, List<String> audiences) {
    public JwtAuthorizerDefinition {
      audiences = List.copyOf(audiences);
    }
  }

  /**
   * A token bucket over all routes.
   *
   * @param ratePerSecond requests a second in the long run
   * @param burst requests at once
   */
  public record Throttle(double ratePerSecond, int burst) {}
}
