package dev.sluice.localstack;

import dev.sluice.localstack.template.CloudTemplate;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * LocalStack in the place of our servers. It has made the template's queues, bucket, notification
 * and secrets when it started ({@code localstack/init}).
 */
final class RemoteServices {
  private static final String KEY = "test";

  private RemoteServices() {}

  static AwsServices at(
      URI endpoint,
      CloudTemplate template,
      StartUp startUp,
      CompletableFuture<Map<String, String>> passwords)
      throws IOException {
    SqsClient sqs =
        SqsClient.builder()
            .endpointOverride(endpoint)
            .region(Region.EU_WEST_1)
            .credentialsProvider(credentials())
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    startUp.keep("the client of SQS", sqs);
    passwords.complete(passwords(endpoint, template));
    return new AwsServices(endpoint, endpoint, endpoint, KEY, KEY, sqs, template);
  }

  private static Map<String, String> passwords(URI endpoint, CloudTemplate template)
      throws IOException {
    try (SecretsManagerClient client =
        SecretsManagerClient.builder()
            .endpointOverride(endpoint)
            .region(Region.EU_WEST_1)
            .credentialsProvider(credentials())
            .httpClient(UrlConnectionHttpClient.create())
            .build()) {
      return DatabasePasswords.of(
          template, name -> client.getSecretValue(get -> get.secretId(name)).secretString());
    }
  }

  private static AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY));
  }
}
