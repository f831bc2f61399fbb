package dev.sluice.localstack.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.UUID;

/**
 * The OpenID Connect issuer of this machine, in the place of Cognito. Its key is made once and kept
 * in the state folder, so that a token outlives a restart.
 */
public final class LocalIssuer {
  private final RSAKey key;
  private final String issuer;
  private final InstantSource clock;

  private LocalIssuer(RSAKey key, String issuer, InstantSource clock) {
    this.key = key;
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * Reads the key, or makes one.
   *
   * @param issuer the gateway's own address
   */
  public static LocalIssuer of(Path state, String issuer, InstantSource clock) throws IOException {
    Path file = state.resolve("issuer.json");
    try {
      if (!Files.exists(file)) {
        store(file, newKey());
      }
      return new LocalIssuer(RSAKey.parse(Files.readString(file)), issuer, clock);
    } catch (ParseException | JOSEException e) {
      throw new IOException("the issuer's key in " + file + " is not usable; remove the file", e);
    }
  }

  private static RSAKey newKey() throws JOSEException {
    return new RSAKeyGenerator(2048)
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(JWSAlgorithm.RS256)
        .keyIDFromThumbprint(true)
        .generate();
  }

  private static void store(Path file, RSAKey key) throws IOException {
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path fresh = Files.createTempFile(folder, ".issuer", ".json", ownerOnly);
    Files.writeString(fresh, key.toJSONString(), StandardCharsets.UTF_8);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  String issuer() {
    return issuer;
  }

  /** A token of the user for the audience, valid from now. */
  public String issueToken(UUID user, String audience, Duration validity) {
    Instant now = clock.instant();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(user.toString())
            .audience(audience)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(validity)))
            .jwtID(UUID.randomUUID().toString())
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(key.getKeyID())
            .type(JOSEObjectType.JWT)
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("an RSA key signs RS256", e);
    }
    return token.serialize();
  }

  JWKSet publicKeys() {
    return new JWKSet(key).toPublicJWKSet();
  }

  /** What {@code /.well-known/openid-configuration} says. */
  String configuration() {
    return """
        {"issuer":"%1$s","jwks_uri":"%1$s/.well-known/jwks.json","response_types_supported":["token"],\
        "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["%2$s"]}"""
        .formatted(issuer, JWSAlgorithm.RS256);
  }
}
