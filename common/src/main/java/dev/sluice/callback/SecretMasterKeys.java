package dev.sluice.callback;

import dev.sluice.secrets.Secrets;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The callbacks' master keys, from Secrets Manager. */
@Singleton
@Requires(property = "sluice.webhook-secret")
final class SecretMasterKeys implements MasterKeySource {
  /**
   * So long a function that has been running may still sign with a key that is no longer current.
   */
  private static final Duration OLDEST = Duration.ofMinutes(10);

  private final Secrets secrets;
  private final String secretId;

  SecretMasterKeys(Secrets secrets, @Property(name = "sluice.webhook-secret") String secretId) {
    this.secrets = secrets;
    this.secretId = secretId;
  }

  @Override
  public MasterKeys keys() {
    return MasterKeys.of(secrets.getRecent(secretId, OLDEST));
  }

  @Override
  public MasterKeys keysAgain() {
    return MasterKeys.of(secrets.getAgain(secretId));
  }
}
