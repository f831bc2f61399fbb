package dev.sluice.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.localstack.postgres.EphemeralDatabase;
import dev.sluice.localstack.postgres.EphemeralPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PlaceTimeTest {
  private static final List<String> ONE_JOB =
      List.of(
          """
          insert into documents
            (document_id, user_id, filename, mime_type, next_generation, current_generation)
          select ?, u, 'a.md', 'text/markdown', 2, 1 from (select ?::uuid as u) x
          """,
          """
          insert into upload_jobs
            (job_id, document_id, user_id, generation, raw_path, raw_sha256, raw_bytes,
             webhook_secret, correlation_id, received_at)
          select d, d, u, 1, 'p', repeat('0', 64), 1, '{"kid": "", "salt": ""}', 'c', now()
          from (select ?::uuid as d, ?::uuid as u) x
          """,
          """
          update upload_jobs set status = 'parse_queued'
          where job_id = ? and user_id = ?
          """,
          """
          update upload_jobs set status = 'parsed', parsed_path = 'p'
          where job_id = ? and user_id = ?
          """,
          """
          update job_events
          set at = timestamptz '2026-01-01 00:00:00Z' + 2 * interval '1 second' * (
            select count(*) from job_events earlier
            where earlier.job_id = job_events.job_id and earlier.event_id < job_events.event_id)
          where job_id = ? and user_id = ?
          """,
          """
          insert into provider_calls
            (call_id, user_id, job_id, provider, operation, model, state, outcome, cost_nanousd,
             started_at, settled_at)
          select gen_random_uuid(), u, d, 'openai', 'embed', 'm', 'settled', 'ok', 0,
                 timestamptz '2026-01-01 00:00:00Z', timestamptz '2026-01-01 00:00:05Z'
          from (select ?::uuid as d, ?::uuid as u) x
          """);

  @Test
  @Tag("servers")
  void tellsHowLongJobsStoodInEachPlaceInTheirOrder() throws SQLException {
    UUID user = UUID.randomUUID();
    try (EphemeralDatabase database = EphemeralPostgres.newDatabase();
        Connection connection = database.connect()) {
      addJob(connection, user);
      addJob(connection, UUID.randomUUID());

      assertThat(PlaceTime.of(connection, List.of(user)))
          .containsExactly(
              new PlaceTime("uploaded", 2, 2, 2),
              new PlaceTime("parse_queued", 2, 2, 2),
              new PlaceTime(PlaceTime.CALL, 5, 5, 5));
    }
  }

  private static void addJob(Connection connection, UUID user) throws SQLException {
    UUID document = UUID.randomUUID();
    for (String sql : ONE_JOB) {
      try (var statement = connection.prepareStatement(sql)) {
        statement.setObject(1, document);
        statement.setObject(2, user);
        statement.executeUpdate();
      }
    }
  }
}
