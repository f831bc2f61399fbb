package dev.sluice.storage;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Micronaut makes the S3 client, but no presigner. Region and login are the function's own. */
@Factory
@Requires(property = "sluice.documents-bucket")
final class PresignerFactory {
  @Singleton
  @Bean(preDestroy = "close")
  S3Presigner presigner() {
    return S3Presigner.create();
  }
}
