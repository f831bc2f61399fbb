package dev.sluice.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.document.JobStatus;
import dev.sluice.localstack.CloudPorts;
import dev.sluice.localstack.CloudRecord;
import dev.sluice.localstack.gateway.LocalIssuer;
import dev.sluice.localstack.postgres.LocalPostgres;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.postgres.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGKILL for the process that runs the whole local cloud, functions and servers and all. */
@Tag("crash")
class KilledCloudTest {
  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Of each document the parse and two embedding calls may be in the air. */
  private static final int MOST_IN_THE_AIR = 3 * 3;

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
    assertThat(finish(undisturbed)).isEqualTo(JobStatus.COMPLETE);
    var expected = evidence(undisturbed.user);
    assertThat(expected.rows().get("chunks")).isNotEmpty();

    var uploads = List.of(upload(awaitRunning()), upload(awaitRunning()), upload(awaitRunning()));
    awaitMoving(uploads);
    process.destroyForcibly().onExit().join();
    process = CloudProcess.start(state, port);
    awaitRunning();
    var began = Instant.now();
    var statuses = uploads.stream().map(KilledCloudTest::finish).toList();
    var took = Duration.between(began, Instant.now());

    var result = judge(uploads, statuses, took, expected);
    ReliabilityPage.writeOutages(
        "The whole local cloud",
        "Three documents on their way when its process gets SIGKILL. Time is real here, and counts"
            + " from the moment in which the cloud is there again.",
        List.of(result));
    assertThat(result.violations()).isEmpty();
  }

  private static CellResult judge(
      List<Upload> uploads, List<JobStatus> statuses, Duration took, Evidence expected)
      throws Exception {
    var violations = new ArrayList<String>();
    statuses.stream()
        .filter(status -> status != JobStatus.COMPLETE)
        .forEach(status -> violations.add("a job is " + status.wireName()));
    int paidMore = 0;
    for (var upload : uploads) {
      var evidence = evidence(upload.user);
      violations.addAll(evidence.differences(expected));
      int more = evidence.paidMore(expected);
      if (more < 0) {
        violations.add("paid calls: " + evidence.paid() + " for " + expected.paid());
      }
      paidMore += more;
    }
    if (paidMore > MOST_IN_THE_AIR) {
      violations.add(paidMore + " calls paid for once more");
    }
    if (took.compareTo(CrashMatrix.LONGEST_RECOVERY) >= 0) {
      violations.add("recovered after " + took.toSeconds() + " s");
    }
    return new CellResult(
        "local cloud",
        "local cloud",
        "kill, and start again",
        statuses.stream().map(JobStatus::wireName).distinct().collect(Collectors.joining(", ")),
        took,
        paidMore > 0,
        List.copyOf(violations));
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

  /** The job's last status. */
  private static JobStatus finish(Upload upload) {
    return await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> status(upload), status -> status.filter(JobStatus::isTerminal).isPresent())
        .orElseThrow();
  }

  /** None while the API has no process yet: whoever asks then asks again. */
  private static Optional<JobStatus> status(Upload upload) {
    var answer = upload.pipeline.get("/jobs/" + upload.created.path("document_id").asText());
    return answer.statusCode() >= 500
        ? Optional.empty()
        : Optional.of(JobStatus.ofWireName(Pipeline.json(answer).path("status").asText()));
  }

  private static void awaitMoving(List<Upload> uploads) {
    var users = new ArrayList<String>();
    uploads.forEach(upload -> users.add(upload.user.toString()));
    await()
        .atMost(LONGEST)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !ask(MOVING, (Object) users.toArray(String[]::new)).equals(List.of("0")));
  }

  private static Evidence evidence(UUID user) throws Exception {
    return Evidence.of(KilledCloudTest::ask, state, user);
  }

  /** The server belongs to the cloud's process, which has it started or taken over. */
  private static List<String> ask(String sql, Object... parameters) throws SQLException {
    var settings =
        new LocalPostgres.Settings(state.resolve("postgres"), 0, true, System.getenv(), line -> {});
    try (var postgres = LocalPostgres.start(settings);
        var connection = postgres.superuser().connect("sluice")) {
      return Sql.query(connection, sql, row -> String.valueOf(row.getString(1)), parameters);
    }
  }
}
