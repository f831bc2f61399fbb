package dev.sluice.localstack.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.sluice.localstack.template.ApiDefinition.JwtAuthorizerDefinition;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** API Gateway's JWT authorizer: RS256, issuer, audience and times. */
final class JwtAuthorizer {
  /** How far the clocks of issuer and gateway may differ. */
  private static final Duration SKEW = Duration.ofSeconds(60);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Set<String> audiences;
  private final InstantSource clock;

  /**
   * An authorizer for the local issuer's tokens.
   *
   * @throws IllegalArgumentException if the template names another issuer
   */
  JwtAuthorizer(JwtAuthorizerDefinition definition, LocalIssuer issuer, InstantSource clock) {
    if (!definition.issuer().equals(issuer.issuer())) {
      throw new IllegalArgumentException(
          "the local gateway accepts tokens of %s, not of %s"
              .formatted(issuer.issuer(), definition.issuer()));
    }
    this.audiences = new HashSet<>(definition.audiences());
    this.clock = clock;
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.RS256, new ImmutableJWKSet<>(issuer.publicKeys())));
    processor.setJWTClaimsSetVerifier(new Times(definition.issuer(), clock));
  }

  /** The token's claims as text, or nothing if the token is not good. */
  Optional<Map<String, String>> authorize(String authorization) {
    String token =
        authorization.startsWith("Bearer ") ? authorization.substring(7).strip() : authorization;
    try {
      JWTClaimsSet claims = processor.process(token, null);
      return isForUs(claims) && notInFuture(claims.getIssueTime())
          ? Optional.of(texts(claims))
          : Optional.empty();
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return Optional.empty();
    }
  }

  /** {@code client_id} stands in for an audience that is missing, as in Cognito's access tokens. */
  private boolean isForUs(JWTClaimsSet claims) {
    List<String> named = claims.getAudience();
    if (!named.isEmpty()) {
      return named.stream().anyMatch(audiences::contains);
    }
    Object client = claims.getClaim("client_id");
    return client != null && audiences.contains(client.toString());
  }

  private boolean notInFuture(@Nullable Date time) {
    Instant latest = clock.instant().plus(SKEW);
    return time == null || !time.toInstant().isAfter(latest);
  }

  private static Map<String, String> texts(JWTClaimsSet claims) {
    Map<String, String> texts = new LinkedHashMap<>();
    claims.getClaims().forEach((name, value) -> texts.put(name, text(name, value, claims)));
    return texts;
  }

  private static String text(String name, @Nullable Object value, JWTClaimsSet claims) {
    return switch (value) {
      case Date date -> String.valueOf(date.toInstant().getEpochSecond());
      case List<?> list when name.equals("aud") && list.size() == 1 ->
          claims.getAudience().getFirst();
      case List<?> list ->
          list.stream().map(String::valueOf).collect(Collectors.joining(" ", "[", "]"));
      case null -> "";
      default -> value.toString();
    };
  }

  private static final class Times extends DefaultJWTClaimsVerifier<SecurityContext> {
    private final InstantSource clock;

    Times(String issuer, InstantSource clock) {
      super(new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp"));
      this.clock = clock;
      setMaxClockSkew((int) SKEW.toSeconds());
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }
}
