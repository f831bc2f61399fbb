package dev.sluice.parse;

import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.MasterKeys;
import dev.sluice.secrets.Secrets;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;

/** The callbacks' master keys, from Secrets Manager. */
@Factory
final class WebhookKeys {
  @Singleton
  CallbackKeys callbackKeys(
      Secrets secrets, @Property(name = "sluice.webhook-secret") String secretId) {
    return new CallbackKeys(MasterKeys.of(secrets.get(secretId)));
  }
}
