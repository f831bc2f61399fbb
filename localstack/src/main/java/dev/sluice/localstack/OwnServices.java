package dev.sluice.localstack;

import dev.sluice.localstack.objects.LocalObjects;
import dev.sluice.localstack.queue.InterruptedReceives;
import dev.sluice.localstack.queue.LocalQueues;
import dev.sluice.localstack.secrets.LocalSecrets;
import dev.sluice.localstack.template.BucketDefinition;
import dev.sluice.localstack.template.CloudTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Our SQS, S3 and Secrets Manager, with what the template says is in them. */
final class OwnServices {
  /** Nothing but programs of this machine can reach the servers: the key is no secret. */
  private static final String ACCESS_KEY = "local";

  private static final String SECRET_KEY = "local";

  private final CloudOptions options;
  private final CloudTemplate template;
  private final StartUp startUp;

  private OwnServices(CloudOptions options, CloudTemplate template, StartUp startUp) {
    this.options = options;
    this.template = template;
    this.startUp = startUp;
  }

  /**
   * Starts them side by side.
   *
   * @param passwords told as soon as the secrets are there
   */
  static AwsServices start(
      CloudOptions options,
      CloudTemplate template,
      StartUp startUp,
      CompletableFuture<Map<String, String>> passwords)
      throws IOException, InterruptedException {
    return new OwnServices(options, template, startUp).start(passwords);
  }

  private AwsServices start(CompletableFuture<Map<String, String>> passwords)
      throws IOException, InterruptedException {
    LocalSecrets secrets = startUp.timedStart("secrets", this::startSecrets);
    passwords.complete(DatabasePasswords.of(template, secrets::value));
    CompletableFuture<LocalQueues> queues = startUp.begin("queues", this::startQueues);
    CompletableFuture<SqsClient> client = queues.thenApply(LocalQueues::client);
    CompletableFuture<LocalObjects> objects = startUp.begin("objects", () -> startObjects(client));
    return new AwsServices(
        StartUp.join(queues).endpoint(),
        StartUp.join(objects).endpoint(),
        secrets.endpoint(),
        ACCESS_KEY,
        SECRET_KEY,
        StartUp.join(client),
        template);
  }

  private LocalSecrets startSecrets() throws IOException {
    LocalSecrets secrets =
        LocalSecrets.start(options.state().resolve("secrets.json"), options.ports().secrets());
    secrets.define(TemplateContents.secrets(template));
    return secrets;
  }

  private LocalQueues startQueues() throws IOException {
    Path directory = options.state().resolve("queues");
    InterruptedReceives.release(directory, options.clock().instant());
    int port = options.ports().sqs();
    var clock = options.seams().queueClock();
    LocalQueues queues =
        startUp.keep(
            "the queues",
            clock.isPresent()
                ? LocalQueues.inMemory(port, clock.get())
                : LocalQueues.start(directory, port));
    queues.create(TemplateContents.queues(template));
    return queues;
  }

  private LocalObjects startObjects(CompletableFuture<SqsClient> sqs) throws IOException {
    ObjectNotifications notifications =
        new ObjectNotifications(template, LocalQueues.REGION, sqs, options.clock());
    LocalObjects objects =
        startUp.keep(
            "the objects",
            LocalObjects.start(
                new LocalObjects.Settings(
                    options.state().resolve("objects"),
                    options.ports().s3(),
                    ACCESS_KEY,
                    SECRET_KEY),
                notifications::created));
    template.buckets().stream().map(BucketDefinition::name).forEach(objects::createBucket);
    return objects;
  }
}
