package dev.sluice.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.localstack.queue.LocalQueues;
import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.LocalNames;
import dev.sluice.localstack.template.TemplateReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What LocalStack is asked to make; LocalStack itself needs Docker. */
class RemoteServicesTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  private static final String TEMPLATE =
      """
      Resources:
        Database:
          Type: AWS::SecretsManager::Secret
          Properties:
            Name: db
            GenerateSecretString:
              SecretStringTemplate: '{"username": "sluice_api"}'
              GenerateStringKey: password
              PasswordLength: 40
              ExcludePunctuation: true
        Model:
          Type: AWS::SecretsManager::Secret
          Properties: {Name: model, SecretString: '{"api_key": "new"}'}
        ParseQueue:
          Type: AWS::SQS::Queue
          Properties:
            QueueName: parse
            VisibilityTimeout: 240
            RedrivePolicy:
              deadLetterTargetArn: !GetAtt ParseDead.Arn
              maxReceiveCount: 12
        ParseDead:
          Type: AWS::SQS::Queue
          Properties: {QueueName: parse-dead}
        Documents:
          Type: AWS::S3::Bucket
          Properties:
            BucketName: documents
            NotificationConfiguration:
              QueueConfigurations:
                - Event: s3:ObjectCreated:*
                  Queue: !GetAtt ParseQueue.Arn
                  Filter:
                    S3Key:
                      Rules:
                        - {Name: prefix, Value: raw/}
      """;

  @TempDir Path folder;
  private LocalQueues queues;
  private ScriptedLocalStack localStack;
  private CloudTemplate template;

  @BeforeEach
  void start() throws IOException {
    queues = LocalQueues.start(folder.resolve("queues"), 0);
    localStack = new ScriptedLocalStack(queues.endpoint());
    Path file = Files.writeString(folder.resolve("template.yaml"), TEMPLATE);
    template = TemplateReader.read(file, LocalNames.of(NOWHERE, NOWHERE, Map.of()));
  }

  @AfterEach
  void stop() {
    localStack.close();
    queues.close();
  }

  @Test
  void makesTheTemplatesSecretsAndTellsTheDatabasePasswords() throws Exception {
    localStack.secrets.put("model", "{\"api_key\": \"old\"}");

    Map<String, String> passwords = connect();

    assertThat(passwords).isEqualTo(Map.of("sluice_api", "r".repeat(40)));
    assertThat(localStack.secrets).containsEntry("model", "{\"api_key\": \"new\"}");
  }

  @Test
  void keepsWhatWasGeneratedOnce() throws Exception {
    localStack.secrets.put("db", "{\"username\":\"sluice_api\",\"password\":\"kept\"}");

    assertThat(connect()).isEqualTo(Map.of("sluice_api", "kept"));
  }

  @Test
  void makesTheQueuesWithTheirDeadLetterQueues() throws Exception {
    connect();

    var attributes =
        queues
            .client()
            .getQueueAttributes(
                get -> get.queueUrl(queues.url("parse")).attributeNames(QueueAttributeName.ALL))
            .attributes();
    assertThat(attributes)
        .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "240")
        .hasEntrySatisfying(
            QueueAttributeName.REDRIVE_POLICY,
            policy -> assertThat(policy).contains("parse-dead", "12"));
  }

  @Test
  void makesTheBucketAndHasItTellTheQueueOfNewObjects() throws Exception {
    connect();
    connect();

    assertThat(localStack.s3)
        .anySatisfy(call -> assertThat(call).startsWith("PUT /documents ").contains("eu-west-1"))
        .anySatisfy(
            call ->
                assertThat(call)
                    .startsWith("PUT /documents?notification ")
                    .contains(
                        "<Queue>arn:aws:sqs:eu-west-1:000000000000:parse</Queue>",
                        "<Event>s3:ObjectCreated:*</Event>",
                        "<Name>Prefix</Name><Value>raw/</Value>"));
  }

  @Test
  void saysHowToStartLocalStackWhenItDoesNotAnswer() {
    localStack.close();

    assertThatThrownBy(this::connect)
        .isInstanceOf(LocalCloudException.class)
        .hasMessageContaining("docker compose -f localstack/compose.yaml up -d --wait");
  }

  private Map<String, String> connect() throws IOException {
    CompletableFuture<Map<String, String>> passwords = new CompletableFuture<>();
    try (StartUp startUp = new StartUp((step, took) -> {})) {
      AwsServices services = RemoteServices.at(localStack.uri(), template, startUp, passwords);
      assertThat(services.s3Endpoint()).isEqualTo(localStack.uri());
    }
    return passwords.join();
  }
}
