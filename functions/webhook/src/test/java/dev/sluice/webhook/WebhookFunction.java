package dev.sluice.webhook;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.sluice.callback.CallbackKeys;
import dev.sluice.callback.MasterKeySource;
import dev.sluice.callback.MasterKeys;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.localstack.TestServers;
import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import dev.sluice.localstack.queue.LocalQueues;
import io.micronaut.function.aws.LambdaApplicationContextBuilder;
import io.micronaut.function.aws.proxy.MockLambdaContext;
import io.micronaut.function.aws.proxy.payload2.APIGatewayV2HTTPEventFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sqs.model.Message;

/** The function as Lambda starts it, against a real database and a real queue. */
final class WebhookFunction implements AutoCloseable {
  static final UUID USER = UUID.fromString("00000000-0000-4000-8000-000000000001");
  static final String MASTER_KEY =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  static final String MASTER_KEYS = "{\"current\": \"k1\", \"k1\": \"%s\"}".formatted(MASTER_KEY);
  static final String SALT = "c2FsdC1vZi10aGUtcm93MA";

  private static final String INSERT_JOB =
      """
      with document as (
          insert into documents (document_id, user_id, filename, mime_type, next_generation, current_generation)
          values (?, ?, 'a.pdf', 'application/pdf', 2, 1)
          returning document_id, user_id)
      insert into upload_jobs (job_id, user_id, document_id, generation, status, received_at, raw_path, raw_sha256,
                               raw_bytes, parser_name, webhook_secret, correlation_id, retry_count)
      select ?, user_id, document_id, 1, 'parse_queued', now(), 'x', repeat('0', 64), 1, ?,
             jsonb_build_object('kid', ?::text, 'salt', ?::text), 'c-1', 3
      from document
      """;

  private static final String EVERY_ROW =
      """
      select t::text from documents t
      union all select t::text from upload_jobs t
      union all select t::text from webhook_log t
      union all select t::text from job_events t
      order by 1
      """;

  final EphemeralDatabase database = EphemeralPostgres.newDatabase();
  final CallbackKeys keys =
      new CallbackKeys(
          MasterKeySource.of(MasterKeys.of(Map.of("current", "k1", "k1", MASTER_KEY))));
  private final LocalQueues queues;
  private final S3Client objects;
  private final APIGatewayV2HTTPEventFunction function;

  WebhookFunction() {
    this("");
  }

  /** With callbacks allowed from these ranges only. */
  WebhookFunction(String sources) {
    var environment =
        TestServers.environment(
            "webhook",
            database.superuser().password(),
            Map.of("DATABASE_URL", database.url(), "WEBHOOK_SOURCES", sources));
    TestServers.shared().define("webhook", MASTER_KEYS);
    queues = TestServers.shared().queues();
    objects = S3Client.builder().forcePathStyle(true).build();
    function =
        new APIGatewayV2HTTPEventFunction(
            new LambdaApplicationContextBuilder().properties(environment).start());
  }

  /** A job that was handed to a parser, or not yet if the name is null. */
  JobRef insertJob(@Nullable String parserName, String keyId) throws SQLException {
    var job = JobRef.of(USER, UUID.randomUUID(), 1);
    try (var connection = database.connect();
        var statement = connection.prepareStatement(INSERT_JOB)) {
      statement.setObject(1, job.documentId());
      statement.setObject(2, USER);
      statement.setObject(3, job.jobId());
      statement.setString(4, parserName);
      statement.setString(5, keyId);
      statement.setString(6, SALT);
      statement.executeUpdate();
    }
    return job;
  }

  APIGatewayV2HTTPResponse post(Map<String, String> headers, byte[] body, boolean base64) {
    return call(
        new Call(
            headers,
            base64
                ? Base64.getEncoder().encodeToString(body)
                : new String(body, StandardCharsets.UTF_8),
            base64,
            "192.0.2.1"));
  }

  /** A request as API Gateway writes it down. */
  record Call(Map<String, String> headers, String body, boolean base64, String source) {}

  APIGatewayV2HTTPResponse call(Call call) {
    var path = "/webhooks/llamaparse";
    var http =
        APIGatewayV2HTTPEvent.RequestContext.Http.builder()
            .withMethod("POST")
            .withPath(path)
            .withSourceIp(call.source())
            .build();
    return function.handleRequest(
        APIGatewayV2HTTPEvent.builder()
            .withVersion("2.0")
            .withRouteKey("POST " + path)
            .withRawPath(path)
            .withHeaders(call.headers())
            .withBody(call.body())
            .withIsBase64Encoded(call.base64())
            .withRequestContext(
                APIGatewayV2HTTPEvent.RequestContext.builder()
                    .withStage("$default")
                    .withHttp(http)
                    .build())
            .build(),
        new MockLambdaContext());
  }

  /** Takes what is on the parse queue. */
  List<String> messages() {
    var url = queues.url("parse");
    var messages =
        queues
            .client()
            .receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10))
            .messages();
    messages.forEach(
        message ->
            queues
                .client()
                .deleteMessage(
                    request -> request.queueUrl(url).receiptHandle(message.receiptHandle())));
    return messages.stream().map(Message::body).toList();
  }

  /** Every row of every table that a callback might reach, and every object. */
  List<String> snapshot() throws SQLException {
    var state = new ArrayList<>(ask(EVERY_ROW));
    objects
        .listObjectsV2Paginator(request -> request.bucket(TestServers.BUCKET))
        .contents()
        .stream()
        .map(object -> object.key() + " " + object.eTag())
        .forEach(state::add);
    return state;
  }

  /** Takes the queue away, so that nothing can be sent. */
  void deleteQueue() {
    queues.client().deleteQueue(request -> request.queueUrl(queues.url("parse")));
  }

  void createQueue() {
    TestServers.shared().createQueues();
  }

  /** The object's text, or null if there is none. */
  @Nullable String object(StoragePath path) {
    try {
      return objects
          .getObjectAsBytes(request -> request.bucket(TestServers.BUCKET).key(path.key()))
          .asUtf8String();
    } catch (NoSuchKeyException e) {
      return null;
    }
  }

  void run(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  List<String> ask(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  @Override
  public void close() throws IOException {
    function.close();
    objects.close();
    database.close();
  }
}
