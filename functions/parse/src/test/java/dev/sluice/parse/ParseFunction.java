package dev.sluice.parse;

import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.localstack.TestServers;
import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import dev.sluice.localstack.queue.LocalQueues;
import dev.sluice.message.MessageSender;
import dev.sluice.message.ParseMessage;
import io.micronaut.context.ApplicationContext;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** The function as Lambda starts it, against a real database, queues and objects. */
final class ParseFunction implements AutoCloseable {
  static final UUID USER = UUID.fromString("00000000-0000-4000-8000-000000000001");
  static final String MASTER_KEY =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  static final String MASTER_KEYS = "{\"current\": \"k1\", \"k1\": \"%s\"}".formatted(MASTER_KEY);
  static final String SALT = "c2FsdC1vZi10aGUtcm93MA";

  private static final String INSERT_DOCUMENT =
      """
      insert into documents (document_id, user_id, filename, mime_type, next_generation)
      values (?, ?, 'policy.pdf', ?, 2)
      on conflict (document_id) do update set next_generation = documents.next_generation + 1
      """;

  private static final String INSERT_JOB =
      """
      insert into upload_jobs (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes,
                               webhook_secret, correlation_id)
      values (?, ?, ?, ?, ?, ?, ?, jsonb_build_object('kid', '', 'salt', ?::text), 'c-1')
      """;

  final EphemeralDatabase database = EphemeralPostgres.newDatabase();
  final ScriptedParser parser = new ScriptedParser();
  private final LocalQueues queues;
  private final S3Client s3;
  private ParseHandler handler;

  /** What an invocation has left, throughout. */
  volatile Duration remaining = Duration.ofMinutes(1);

  ParseFunction() throws IOException {
    var environment = TestServers.environment("parse", database.superuser().password(), own());
    TestServers.shared().define("webhook", MASTER_KEYS);
    environment.forEach((name, value) -> System.setProperty(name, value.toString()));
    queues = TestServers.shared().queues();
    s3 = S3Client.create();
    sent();
    handler = new ParseHandler();
  }

  private Map<String, Object> own() {
    return Map.of(
        "DATABASE_URL", database.url(),
        "WEBHOOK_URL", "http://127.0.0.1:7080/webhooks/llamaparse",
        "LLAMAPARSE_URL", parser.url(),
        "LLAMAPARSE_TIER", "cost_effective",
        "LLAMAPARSE_SUBMIT", "url",
        "PARSER", "llamaparse",
        "EXTERNAL_PARSER_URL", parser.url() + "/external");
  }

  /** The function's beans, apart from its handler's. */
  ApplicationContext beans() {
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .environments("function", "lambda", "fixture")
        .start();
  }

  /** Starts the function anew with one variable of its environment changed. */
  void restart(String variable, String value) {
    System.setProperty(variable, value);
    handler = new ParseHandler();
  }

  /** A document's next generation as POST makes it, and its bytes as PUT stores them. */
  JobRef upload(UUID user, UUID documentId, int generation, String mimeType, byte[] bytes)
      throws SQLException {
    var job = announce(user, documentId, generation, mimeType, bytes);
    put(rawPath(job), bytes);
    return job;
  }

  JobRef announce(UUID user, UUID documentId, int generation, String mimeType, byte[] bytes)
      throws SQLException {
    var job = JobRef.of(user, documentId, generation);
    run(INSERT_DOCUMENT, documentId, user, mimeType);
    run(
        INSERT_JOB,
        job.jobId(),
        user,
        documentId,
        generation,
        rawPath(job).uri(),
        Hashes.ofBytes(bytes),
        bytes.length,
        SALT);
    return job;
  }

  static StoragePath rawPath(JobRef job) {
    return StoragePath.raw(job, "pdf");
  }

  void put(StoragePath path, byte[] bytes) {
    s3.putObject(
        request -> request.bucket("documents").key(path.key()), RequestBody.fromBytes(bytes));
  }

  @Nullable String object(StoragePath path) {
    try {
      return s3.getObjectAsBytes(request -> request.bucket("documents").key(path.key()))
          .asUtf8String();
    } catch (NoSuchKeyException e) {
      return null;
    }
  }

  void delete(StoragePath path) {
    s3.deleteObject(request -> request.bucket("documents").key(path.key()));
  }

  /** Keys of objects of which a part was sent, and no end. */
  List<String> unfinishedUploads() {
    return s3.listMultipartUploads(request -> request.bucket("documents")).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  /** Delivers the bucket's event; the message's id if it was kept, else empty. */
  List<String> deliverUpload(JobRef job) {
    return deliver(uploadEvent(job));
  }

  private static String uploadEvent(JobRef job) {
    return """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put",
          "s3":{"s3SchemaVersion":"1.0","bucket":{"name":"documents"},
                "object":{"key":"%s","size":1,"sequencer":"00"}}}]}
        """
        .formatted(rawPath(job).key().replace("/", "%2F"));
  }

  /** Delivers the bucket's event as SQS got it at a time. */
  List<String> deliverUpload(JobRef job, Instant sent) {
    return deliver(UUID.randomUUID().toString(), uploadEvent(job), sent, Map.of());
  }

  /** Delivers a message from a queue, under this id and as if SQS had got it at this time. */
  List<String> deliver(Message from, String id, Instant sent) {
    var emitted = new SQSEvent.MessageAttribute();
    emitted.setDataType("Number");
    emitted.setStringValue(from.messageAttributes().get(MessageSender.EMITTED_AT).stringValue());
    return deliver(id, from.body(), sent, Map.of(MessageSender.EMITTED_AT, emitted));
  }

  List<String> deliver(ParseMessage message) throws IOException {
    return deliver(ObjectMapper.getDefault().writeValueAsString(message));
  }

  List<String> deliver(String body) {
    return deliver(UUID.randomUUID().toString(), body, Instant.EPOCH, Map.of());
  }

  private List<String> deliver(
      String id, String body, Instant sent, Map<String, SQSEvent.MessageAttribute> attributes) {
    var message = new SQSEvent.SQSMessage();
    message.setMessageId(id);
    message.setReceiptHandle("none");
    message.setBody(body);
    message.setAttributes(
        Map.of(
            "ApproximateReceiveCount", "1", "SentTimestamp", Long.toString(sent.toEpochMilli())));
    message.setMessageAttributes(attributes);
    var event = new SQSEvent();
    event.setRecords(List.of(message));
    return handler.handleRequest(event, new Timed()).getBatchItemFailures().stream()
        .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .toList();
  }

  /** Takes what is on the validate queue. */
  List<String> sent() {
    var url = queues.url("validate");
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

  /** Waits for the message of this id on the function's own queue, and takes it. */
  Message sentToItself(String id) {
    var url = queues.url("parse");
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> receive(url, id), Optional::isPresent)
        .orElseThrow();
  }

  /** The others are hidden for a moment. */
  private Optional<Message> receive(String url, String id) {
    return queues
        .client()
        .receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(60)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages()
        .stream()
        .filter(message -> message.messageId().equals(id))
        .findAny();
  }

  /** One expression over a job's row. */
  @Nullable String job(JobRef job, String expression) throws SQLException {
    return ask("select " + expression + " from upload_jobs where job_id = ?", job.jobId());
  }

  /** One expression over a job's rows in the ledger. */
  @Nullable String ledger(JobRef job, String expression) throws SQLException {
    return ask("select " + expression + " from provider_calls where job_id = ?", job.jobId());
  }

  void execute(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** As before the first call: full buckets, no pause, nobody waits. */
  void forgetLimits() throws SQLException {
    execute("delete from rate_shares; delete from rate_buckets");
  }

  @Nullable String ask(String sql, Object... parameters) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (var rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  void run(String sql, Object... parameters) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }

  @Override
  public void close() throws Exception {
    s3.close();
    parser.close();
    database.close();
  }

  private final class Timed implements Context {
    @Override
    public int getRemainingTimeInMillis() {
      return Math.toIntExact(remaining.toMillis());
    }

    @Override
    public String getAwsRequestId() {
      return "r-1";
    }

    @Override
    public String getLogGroupName() {
      return "parse";
    }

    @Override
    public String getLogStreamName() {
      return "parse";
    }

    @Override
    public String getFunctionName() {
      return "parse";
    }

    @Override
    public String getFunctionVersion() {
      return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "arn:aws:lambda:eu-west-1:000000000000:function:parse";
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
      return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
      return null;
    }

    @Override
    public int getMemoryLimitInMB() {
      return 1024;
    }

    @Override
    public @Nullable LambdaLogger getLogger() {
      return null;
    }
  }
}
