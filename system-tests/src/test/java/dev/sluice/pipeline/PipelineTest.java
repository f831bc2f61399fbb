package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.uuid.Generators;
import dev.sluice.document.DocumentIds;
import dev.sluice.localstack.LocalCloud;
import dev.sluice.postgres.Sql;
import dev.sluice.samples.SampleDocuments;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** From upload to search through the local cloud: the deployed template, zips and handlers. */
@Tag("e2e")
class PipelineTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A line of the kernel's socket tables: address and port in hexadecimal, state 0A. */
  private static final Pattern LISTENING =
      Pattern.compile(": ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:0000 0A ");

  private static final Path SAMPLES = Clouds.ROOT.resolve("localstack/samples");

  @TempDir static Path folder;
  private static Path state;
  private static @Nullable Containers containers;
  private static LocalCloud cloud;
  private static JsonNode policy;

  /** Each test is a user of its own, so that none sees another's documents. */
  private final Pipeline user = new Pipeline(cloud, UUID.randomUUID());

  @BeforeAll
  static void start() throws Exception {
    // As in anybody's clone: the framework takes these characters in its jars' paths for others.
    state = Files.createDirectory(folder.resolve("Müller's c++ clone"));
    containers = Containers.wanted() ? Containers.start() : null;
    cloud =
        containers == null ? Clouds.start(state) : Clouds.start(state, containers.environment());
  }

  @AfterAll
  static void stop() {
    cloud.close();
    if (containers != null) {
      containers.close();
    }
  }

  @Test
  void aPolicyBecomesSearchableWithItsPages() throws IOException {
    var created = uploadPolicy();
    var job = user.finished(created);

    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("complete");
    var receipt = job.path("receipt");
    assertThat(receipt.path("pages").asInt()).isGreaterThan(5);
    assertThat(receipt.path("chunks").asInt())
        .isGreaterThan(5)
        .isEqualTo(receipt.path("vectors").asInt())
        .isEqualTo(job.path("progress").path("embeds_done").asInt());
    assertThat(receipt.path("tokens").asInt()).isPositive();
    assertThat(receipt.path("cost_microusd").asDouble()).isPositive();
    assertThat(receipt.path("seconds").properties().stream().map(e -> e.getKey()))
        .contains("parse", "validate", "chunk", "embed", "finalize");

    var best = user.search("How long do I have to report water damage?", 3).path("results");
    assertThat(best).hasSize(3);
    assertThat(best.get(0).path("document_id").asText())
        .isEqualTo(created.path("document_id").asText());
    assertThat(best.get(0).path("page").asInt()).isPositive();
    assertThat(best.get(0).path("text").asText()).isNotBlank();
  }

  @Test
  void theSameDocumentTwiceGivesTheSameRowsAndCostsNothing() throws Exception {
    var first = uploadPolicy();
    user.finished(first);
    var documentId = first.path("document_id").asText();
    var rowsOfFirst = rows(documentId, 1);
    var second = uploadPolicy();
    var job = user.finished(second);

    assertThat(second.path("document_id").asText()).isEqualTo(documentId);
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("complete");
    assertThat(job.path("generation").asInt()).isEqualTo(2);
    assertThat(rows(documentId, 2)).isNotEmpty().isEqualTo(rowsOfFirst);
    assertThat(job.path("receipt").path("cost_microusd").asDouble()).isZero();
    assertThat(job.path("progress").path("chunks_reused").asInt())
        .isEqualTo(job.path("progress").path("chunks_total").asInt());
    assertThat(
            ask(
                "select count(*) from provider_calls where job_id = ?",
                UUID.fromString(second.path("job_id").asText())))
        .isEqualTo("0");
  }

  @Test
  void chunkIdsAreThoseOfAnIndependentUuidV5() throws Exception {
    var created = uploadPolicy();
    user.finished(created);
    var documentId = created.path("document_id").asText();
    var uuids = Generators.nameBasedGenerator(DocumentIds.NAMESPACE);
    var ids =
        asked(
            "select chunk_ord || ' ' || chunk_id from document_chunks where document_id = ?",
            UUID.fromString(documentId));
    assertThat(ids)
        .isNotEmpty()
        .allSatisfy(
            row -> {
              var parts = row.split(" ");
              assertThat(parts[1])
                  .isEqualTo(
                      uuids.generate(documentId + ":markdown-simple:1:" + parts[0]).toString());
            });
  }

  @Test
  void brokenDocumentsFailWithAReasonWhileTheOthersComplete() throws IOException {
    var password =
        user.upload("locked.pdf", "application/pdf", SampleDocuments.passwordProtected());
    var truncated = user.upload("half.pdf", "application/pdf", SampleDocuments.truncated());
    var image = user.upload("scan.pdf", "application/pdf", SampleDocuments.imageOnly());
    var empty = user.upload("empty.pdf", "application/pdf", new byte[0]);
    var blank = user.upload("blank.md", "text/markdown", "  \n\n".getBytes(StandardCharsets.UTF_8));
    var good =
        user.upload(
            "checklist.md",
            "text/markdown",
            Files.readAllBytes(SAMPLES.resolve("winter-checklist.md")));

    for (var broken : List.of(password, truncated, image, empty, blank)) {
      var job = user.finished(broken);
      assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("failed_parse");
      assertThat(job.path("error").path("code").asText()).isNotBlank();
      assertThat(job.path("error").path("message").asText()).contains(" ");
    }
    assertThat(user.finished(password).path("error").path("message").asText())
        .containsIgnoringCase("password");
    assertThat(user.finished(good).path("status").asText()).isEqualTo("complete");
  }

  @Test
  void aRejectedDocumentsMessageReachesTheDeadLetterQueueByItself() {
    var created = user.upload("blank.txt", "text/plain", "\n \n".getBytes(StandardCharsets.UTF_8));
    user.finished(created);
    try (var sqs = sqs()) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  sqs
                      .receiveMessage(
                          r ->
                              r.queueUrl(url(sqs, "sluice-validate-dead"))
                                  .maxNumberOfMessages(10)
                                  .visibilityTimeout(0))
                      .messages()
                      .stream()
                      .anyMatch(m -> m.body().contains(created.path("job_id").asText())));
    }
  }

  @Test
  void oneCorrelationIdRunsThroughEveryFunctionsLog() throws IOException {
    var created = uploadPolicy();
    var correlation = user.finished(created).path("correlation_id").asText();
    for (var function :
        List.of("api", "webhook", "parse", "validate", "chunk", "embed", "finalize")) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(logged(function, correlation)).as(function).isNotEmpty());
    }
    var done = logged("chunk", correlation);
    assertThat(done)
        .anySatisfy(
            line ->
                assertThat(line.path("mdc").properties().stream().map(e -> e.getKey()))
                    .contains(
                        "correlation_id",
                        "job_id",
                        "document_id",
                        "generation",
                        "stage",
                        "outcome",
                        "duration_ms"));
  }

  @Test
  void awsClientsSeeTheTemplatesQueues() {
    try (var sqs = sqs()) {
      var names =
          sqs.listQueues().queueUrls().stream()
              .map(url -> url.substring(url.lastIndexOf('/') + 1))
              .collect(Collectors.toSet());
      var expected =
          Stream.of("parse", "validate", "chunk", "embed", "finalize")
              .flatMap(stage -> Stream.of("sluice-" + stage, "sluice-" + stage + "-dead"))
              .collect(Collectors.toSet());
      assertThat(names).isEqualTo(expected);
      var attributes =
          sqs.getQueueAttributes(
                  r -> r.queueUrl(url(sqs, "sluice-embed")).attributeNames(QueueAttributeName.ALL))
              .attributes();
      assertThat(attributes.get(QueueAttributeName.REDRIVE_POLICY))
          .contains("sluice-embed-dead")
          .contains("12");
      assertThat(attributes).containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "240");
    }
  }

  @Test
  void nobodyGetsInWithoutAToken() {
    var answer =
        user.send(HttpRequest.newBuilder(cloud.endpoints().api().resolve("/jobs")).GET().build());
    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void aTenantSeesNothingOfAnother() throws IOException {
    var created = uploadPolicy();
    user.finished(created);
    var stranger = new Pipeline(cloud, UUID.randomUUID());
    assertThat(stranger.get("/jobs/" + created.path("document_id").asText()).statusCode())
        .isEqualTo(404);
    assertThat(stranger.search("water damage", 5).path("results")).isEmpty();
  }

  @Test
  void badInputIsAProblemWithACode() {
    var announcement = Pipeline.announcement("x.exe", "application/x-msdownload", new byte[] {1});
    var answer = user.post("/documents", announcement);
    assertThat(answer.statusCode()).isBetween(400, 422);
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(answer.body()).contains("\"code\"");
  }

  @Test
  void everyServerListensToThisMachineOnly() throws IOException {
    assumeThat(containers).as("which ports containers open is Docker's").isNull();
    var endpoints = cloud.endpoints();
    var ports =
        Stream.of(
                endpoints.api(),
                endpoints.sqs(),
                endpoints.s3(),
                endpoints.secrets(),
                endpoints.llamaParse(),
                endpoints.openAi(),
                endpoints.lambda(),
                URI.create(endpoints.jdbc().substring("jdbc:".length())))
            .map(URI::getPort)
            .collect(Collectors.toSet());
    var addresses = new HashMap<Integer, String>();
    for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (var line : Files.readAllLines(Path.of(table))) {
        var listening = LISTENING.matcher(line);
        if (listening.find() && ports.contains(Integer.parseInt(listening.group(2), 16))) {
          addresses.put(Integer.parseInt(listening.group(2), 16), listening.group(1));
        }
      }
    }
    assertThat(addresses.keySet()).isEqualTo(ports);
    assertThat(addresses.values())
        .allMatch(address -> address.matches("(0{16}FFFF0{4})?0100007F"), "127.0.0.1");
  }

  private JsonNode uploadPolicy() throws IOException {
    return user.upload(
        "insurance-policy.pdf",
        "application/pdf",
        Files.readAllBytes(SAMPLES.resolve("insurance-policy.pdf")));
  }

  private static List<String> rows(String documentId, int generation) throws SQLException {
    return asked(
        """
        select concat_ws(' ', chunk_ord, chunk_id, chunk_sha, embed_sha, vector_sha, md5(vector::text), md5(text))
        from document_chunks
        where document_id = ? and generation = ?
        order by chunk_ord
        """,
        UUID.fromString(documentId),
        generation);
  }

  private static String ask(String sql, Object... parameters) throws SQLException {
    return asked(sql, parameters).getFirst();
  }

  private static List<String> asked(String sql, Object... parameters) throws SQLException {
    try (var connection = cloud.servers().postgres().superuser().connect("sluice")) {
      return Sql.query(connection, sql, row -> row.getString(1), parameters);
    }
  }

  private static List<JsonNode> logged(String function, String correlation) throws IOException {
    var log = state.resolve("logs").resolve(function + ".log");
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(correlation)).map(PipelineTest::parsed).toList();
    }
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line.substring(line.indexOf('{')));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String url(SqsClient sqs, String queue) {
    return sqs.getQueueUrl(r -> r.queueName(queue)).queueUrl();
  }

  private static SqsClient sqs() {
    return SqsClient.builder()
        .endpointOverride(cloud.endpoints().sqs())
        .region(Region.EU_WEST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }
}
