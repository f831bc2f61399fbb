package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.CloudRecord;
import dev.sluice.localstack.gateway.LocalIssuer;
import dev.sluice.localstack.postgres.LocalPostgres;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.postgres.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGKILL for the process that runs the whole local cloud, functions and servers and all. */
@Tag("crash")
class KilledCloudTest {
  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final String ROWS =
      """
      select concat_ws(' ', chunk_ord, chunk_sha, embed_sha, vector_sha)
      from document_chunks
      where user_id = ?
      order by generation, chunk_ord
      """;

  private static final String MOVING =
      """
      select count(*)
      from upload_jobs
      where user_id = any (?::uuid[]) and status in ('chunking', 'chunks_stored', 'embedding_queued',
          'embedding_in_progress')
      """;

  private static Process process;
  private static Path state;

  private record Upload(UUID user, Pipeline pipeline, JsonNode created) {}

  @AfterAll
  static void stop() throws Exception {
    if (process != null) {
      process.destroy();
      process.onExit().join();
    }
  }

  @Test
  void theWholeCloudMayBeKilledAndGoesOnWhereItWas() throws Exception {
    state = Files.createDirectories(Path.of("target", "crash-killed").toAbsolutePath());
    CrashCloud.empty(state);
    int port = CloudPorts.free().gateway();
    process = CloudProcess.start(state, port);
    var undisturbed = upload(awaitRunning());
    finish(undisturbed);
    var expected = rows(undisturbed.user);
    assertThat(expected).isNotEmpty();

    var uploads = List.of(upload(awaitRunning()), upload(awaitRunning()), upload(awaitRunning()));
    awaitMoving(uploads);
    process.destroyForcibly().onExit().join();
    process = CloudProcess.start(state, port);
    awaitRunning();
    var began = Instant.now();
    uploads.forEach(KilledCloudTest::finish);
    var took = Duration.between(began, Instant.now());

    for (var upload : uploads) {
      assertThat(rows(upload.user)).isEqualTo(expected);
    }
    ReliabilityPage.writeOutages(
        "The whole local cloud",
        "Three documents on their way when its process gets SIGKILL. Time is real here, and counts"
            + " from the moment in which the cloud is there again.",
        List.of(
            new CellResult(
                "local cloud",
                "local cloud",
                "kill, and start again",
                "complete",
                took,
                false,
                List.of())));
  }

  private static CloudRecord awaitRunning() {
    return await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> CloudRecord.running(state), record -> record.isPresent())
        .orElseThrow();
  }

  private static Upload upload(CloudRecord cloud) throws Exception {
    var user = UUID.randomUUID();
    var issuer = LocalIssuer.of(state, cloud.api().toString(), Clock.systemUTC());
    var pipeline =
        new Pipeline(cloud.api(), issuer.issueToken(user, "sluice", Duration.ofHours(1)));
    return new Upload(
        user, pipeline, pipeline.upload("barge.pdf", "application/pdf", Sample.LONG.unique()));
  }

  private static void finish(Upload upload) {
    var job =
        await()
            .atMost(LONGEST)
            .pollInterval(Duration.ofMillis(500))
            .until(
                () -> upload.pipeline.job(upload.created),
                answer -> answer.path("status").asText().matches("complete|failed.*|cancelled"));
    assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("complete");
  }

  private static void awaitMoving(List<Upload> uploads) {
    var users = new ArrayList<String>();
    uploads.forEach(upload -> users.add(upload.user.toString()));
    await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !ask(MOVING, (Object) users.toArray(String[]::new)).equals(List.of("0")));
  }

  private static List<String> rows(UUID user) throws Exception {
    return ask(ROWS, user);
  }

  /** The server belongs to the cloud's process, which has it started or taken over. */
  private static List<String> ask(String sql, Object... parameters) throws Exception {
    var settings =
        new LocalPostgres.Settings(state.resolve("postgres"), 0, true, System.getenv(), line -> {});
    try (var postgres = LocalPostgres.start(settings);
        var connection = postgres.superuser().connect("sluice")) {
      return Sql.query(connection, sql, row -> row.getString(1), parameters);
    }
  }
}
