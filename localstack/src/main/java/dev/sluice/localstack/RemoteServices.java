package dev.sluice.localstack;

import dev.sluice.localstack.queue.QueueCreation;
import dev.sluice.localstack.template.CloudTemplate;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** LocalStack in the place of our servers, with what the template says is in them. */
final class RemoteServices {
  private static final String KEY = "test";

  private RemoteServices() {}

  /**
   * Makes the template's secrets, queues and buckets where they are missing.
   *
   * @param passwords told as soon as the secrets are there
   * @throws LocalCloudException if nothing answers at the endpoint
   */
  static AwsServices at(
      URI endpoint,
      CloudTemplate template,
      StartUp startUp,
      CompletableFuture<Map<String, String>> passwords)
      throws IOException {
    try {
      passwords.complete(passwords(endpoint, template));
    } catch (SdkClientException e) {
      throw new LocalCloudException(
          "LocalStack does not answer at %s: docker compose -f localstack/compose.yaml up -d --wait starts it."
              .formatted(endpoint),
          e);
    }
    SqsClient sqs = client(SqsClient.builder(), endpoint);
    startUp.keep("the client of SQS", sqs);
    new QueueCreation(sqs).create(TemplateContents.queues(template));
    try (S3Client s3 = client(S3Client.builder().forcePathStyle(true), endpoint)) {
      new RemoteObjects(s3).define(template.buckets());
    }
    return new AwsServices(endpoint, endpoint, endpoint, KEY, KEY, sqs, template);
  }

  private static Map<String, String> passwords(URI endpoint, CloudTemplate template)
      throws IOException {
    try (SecretsManagerClient client = client(SecretsManagerClient.builder(), endpoint)) {
      RemoteSecrets secrets = new RemoteSecrets(client);
      secrets.define(TemplateContents.secrets(template));
      return DatabasePasswords.of(template, secrets::value);
    }
  }

  private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
      B builder, URI endpoint) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.EU_WEST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY)))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }
}
