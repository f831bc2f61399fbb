package dev.sluice.localstack.lambda;

import static dev.sluice.localstack.lambda.TinyFunction.await;
import static dev.sluice.localstack.lambda.TinyFunction.log;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.template.CloudTemplate;
import dev.sluice.localstack.template.QueueDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

class EventSourceMappingTest {
  private static final String TEMPLATE =
      """
      Globals:
        Function:
          Runtime: java25
          CodeUri: tiny.zip
          Handler: tiny.TinyHandler
          MemorySize: 256
          Timeout: 20
          Environment:
            Variables:
              JAVA_TOOL_OPTIONS: -XX:+UseSerialGC -XX:TieredStopAtLevel=1
      Resources:
        WorkQueue:
          Type: AWS::SQS::Queue
          Properties:
            QueueName: work
            VisibilityTimeout: 2
            RedrivePolicy:
              deadLetterTargetArn: !GetAtt WorkDead.Arn
              maxReceiveCount: 2
        WorkDead:
          Type: AWS::SQS::Queue
          Properties:
            QueueName: work-dead
        PlainQueue:
          Type: AWS::SQS::Queue
          Properties:
            QueueName: plain
            VisibilityTimeout: 120
        WorkFunction:
          Type: AWS::Serverless::Function
          Properties:
            Events:
              Work:
                Type: SQS
                Properties:
                  Queue: !GetAtt WorkQueue.Arn
                  BatchSize: 4
                  FunctionResponseTypes: [ReportBatchItemFailures]
                  ScalingConfig:
                    MaximumConcurrency: 2
        PlainFunction:
          Type: AWS::Serverless::Function
          Properties:
            Events:
              Plain:
                Type: SQS
                Properties:
                  Queue: !GetAtt PlainQueue.Arn
                  BatchSize: 20
                  MaximumBatchingWindowInSeconds: 1
      """;

  @TempDir static Path folder;
  private static SQSRestServer server;
  private static SqsClient sqs;
  private static CloudTemplate template;
  private static LocalLambda lambda;
  private static Path state;

  @BeforeAll
  static void start() throws Exception {
    state = folder.resolve("state");
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    URI uri = URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    sqs =
        SqsClient.builder()
            .endpointOverride(uri)
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "y")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    template = TinyFunction.template(folder, TEMPLATE, uri);
    template.queues().stream().filter(q -> q.redrive().isEmpty()).forEach(q -> create(q, Map.of()));
    template.queues().stream()
        .filter(q -> q.redrive().isPresent())
        .forEach(q -> create(q, Map.of(QueueAttributeName.REDRIVE_POLICY, redrive(q))));
    LambdaSettings settings =
        LambdaSettings.of(state, TinyFunction.RUNTIME, InstantSource.system())
            .withTimes(Duration.ofMinutes(5), Duration.ofSeconds(2));
    lambda = LocalLambda.start(template, settings, 0);
    // A message whose function starts for longer than the visibility timeout is delivered twice.
    lambda.warm("work");
    lambda.startMappings(template, sqs, EventSourceMappingTest::url);
  }

  @AfterAll
  static void stop() {
    lambda.close();
    sqs.close();
    server.stopAndWait();
  }

  @Test
  void givesTheFunctionTheMessageAsAwsShapesItAndDeletesIt() {
    sqs.sendMessage(
        m ->
            m.queueUrl(named("work"))
                .messageBody("hello")
                .messageAttributes(
                    Map.of(
                        "traceparent",
                        MessageAttributeValue.builder()
                            .dataType("String")
                            .stringValue("00-abc")
                            .build())));

    await("the message", () -> logged("work", "handled hello of "));
    assertThat(lines("work"))
        .anyMatch(
            line ->
                line.contains("\"eventSource\":\"aws:sqs\"")
                    && line.contains(
                        "\"eventSourceARN\":\"arn:aws:sqs:eu-west-1:000000000000:work\"")
                    && line.contains("\"awsRegion\":\"eu-west-1\"")
                    && line.contains("\"ApproximateReceiveCount\":\"1\"")
                    && line.contains("\"SentTimestamp\":\"")
                    && line.contains("\"traceparent\":{\"stringValue\":\"00-abc\"")
                    && line.contains("\"md5OfBody\":\"5d41402abc4b2a76b9719d911017c592\""));
    awaitEmpty("work");
  }

  @Test
  void redeliversOnlyTheFailedMessagesUntilTheQueueMovesThemToItsDeadLetterQueue() {
    sqs.sendMessageBatch(
        b -> b.queueUrl(named("work")).entries(List.of(entry("1", "good"), entry("2", "fail"))));

    assertThat(deadLetter()).isEqualTo("fail");
    assertThat(lines("work").stream().filter(line -> line.contains("handled good of "))).hasSize(1);
    awaitEmpty("work");
  }

  @Test
  void failsTheWholeBatchWhenTheAnswerIsMalformed() {
    sqs.sendMessage(m -> m.queueUrl(named("work")).messageBody("malformed"));

    assertThat(deadLetter()).isEqualTo("malformed");
  }

  @Test
  void leavesTheBatchWhenTheFunctionThrows() {
    sqs.sendMessage(m -> m.queueUrl(named("work")).messageBody("throw"));

    assertThat(deadLetter()).isEqualTo("throw");
  }

  @Test
  void deletesTheBatchOfAFunctionThatDoesNotReportItems() {
    sqs.sendMessage(m -> m.queueUrl(named("plain")).messageBody("fail"));

    await("the invocation", () -> logged("plain", "REPORT RequestId"));
    awaitEmpty("plain");
  }

  private static String deadLetter() {
    List<Message> found = new ArrayList<>();
    await("a dead letter", () -> found.addAll(receive("work-dead")));
    assertThat(found).hasSize(1);
    sqs.deleteMessage(
        d -> d.queueUrl(named("work-dead")).receiptHandle(found.getFirst().receiptHandle()));
    return found.getFirst().body();
  }

  private static List<Message> receive(String queue) {
    return sqs.receiveMessage(r -> r.queueUrl(named(queue)).waitTimeSeconds(1)).messages();
  }

  private static SendMessageBatchRequestEntry entry(String id, String body) {
    return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
  }

  private static void awaitEmpty(String queue) {
    await(
        queue + " to be empty",
        () ->
            sqs
                .getQueueAttributes(
                    a ->
                        a.queueUrl(named(queue))
                            .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .allMatch("0"::equals));
  }

  private static boolean logged(String function, String text) {
    return lines(function).stream().anyMatch(line -> line.contains(text));
  }

  private static List<String> lines(String function) {
    try {
      return log(state, function);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String named(String queue) {
    return sqs.getQueueUrl(q -> q.queueName(queue)).queueUrl();
  }

  private static String url(String arn) {
    return named(template.queueByArn(arn).name());
  }

  private static void create(QueueDefinition queue, Map<QueueAttributeName, String> more) {
    var attributes = new HashMap<>(more);
    attributes.put(
        QueueAttributeName.VISIBILITY_TIMEOUT, String.valueOf(queue.visibility().toSeconds()));
    sqs.createQueue(c -> c.queueName(queue.name()).attributes(attributes));
  }

  private static String redrive(QueueDefinition queue) {
    var redrive = queue.redrive().orElseThrow();
    return "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"%d\"}"
        .formatted(
            "arn:aws:sqs:elasticmq:000000000000:"
                + template.queueByArn(redrive.deadLetterArn()).name(),
            redrive.maxReceiveCount());
  }
}
