package dev.sluice.sweep;

import dev.sluice.document.JobRef;
import dev.sluice.document.StoragePath;
import dev.sluice.postgres.GivenUpTexts;
import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Takes everything from jobs that have ended for good; their rows are {@link PurgeBuffers}'. */
final class EndedJobs {
  /** The buffers of some went before, when what was promoted still had to stay. */
  private static final String PURGE_AGAIN =
      """
      update upload_jobs set buffers_purged_at = null where job_id = any (?::uuid[])
      """;

  private EndedJobs() {}

  /** Of the columns user_id, document_id, job_id, generation and raw_path. */
  static GivenUpTexts.Ended read(ResultSet row) throws SQLException {
    return new GivenUpTexts.Ended(
        new JobRef(
            row.getObject("user_id", UUID.class),
            row.getObject("document_id", UUID.class),
            row.getObject("job_id", UUID.class),
            row.getInt("generation")),
        StoragePath.ofUri(row.getString("raw_path")));
  }

  /**
   * Gives up one tenant's jobs, of which there is at least one, inside the caller's transaction.
   */
  static void giveUp(Connection connection, List<GivenUpTexts.Ended> ended) throws SQLException {
    var ids = ended.stream().map(one -> one.job().jobId().toString()).toList();
    CountBuffers.count(connection, ids);
    GivenUpTexts.giveUp(connection, ended.getFirst().job().userId(), ended);
    Sql.update(connection, PURGE_AGAIN, (Object) ids.toArray(String[]::new));
  }
}
