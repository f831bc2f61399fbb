package dev.sluice.sweep;

import dev.sluice.postgres.GivenUpTexts;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes text and objects from cancelled jobs, and from failed ones that a newer generation has
 * fenced off, for good; what another job refers to stays, and what a newer generation on its way to
 * its chunks may still take over.
 */
@Singleton
final class GiveUpTexts implements SweepTask {
  private static final String NEXT_CANCELLED =
      """
      select user_id, document_id, job_id, generation, raw_path
      from upload_jobs j
      where status = 'cancelled' and purged_at is null
        and not exists (
          select from upload_jobs n
          where n.document_id = j.document_id and n.generation > j.generation
            and n.received_at is not null
            and n.status in ('uploaded', 'parse_queued', 'parsed', 'parse_validated', 'chunking'))
      order by job_id
      limit 1
      for update skip locked
      """;

  private static final String NEXT_SUPERSEDED =
      """
      select j.user_id, j.document_id, j.job_id, j.generation, j.raw_path
      from upload_jobs j
      join documents d
        on d.document_id = j.document_id and d.current_generation > j.generation
      where j.status in ('failed_parse', 'failed_chunking', 'failed_embedding')
        and j.purged_at is null
        and j.status_changed_at <= clock_timestamp() - make_interval(secs => ?)
        and not exists (
          select from upload_jobs n
          where n.document_id = j.document_id and n.generation > j.generation
            and n.received_at is not null
            and n.status in ('uploaded', 'parse_queued', 'parsed', 'parse_validated', 'chunking'))
      order by j.status_changed_at
      limit 1
      for update of j skip locked
      """;

  private final Transactions transactions;
  private final Duration retention;

  GiveUpTexts(
      Transactions transactions, @Property(name = "sluice.buffer-retention") Duration retention) {
    this.transactions = transactions;
    this.retention = retention;
  }

  @Override
  public String name() {
    return "texts_given_up";
  }

  /** A transaction each: two jobs' texts are never locked at once. */
  @Override
  public int sweepSome() {
    int given = 0;
    while (given < AT_ONCE && transactions.acrossTenants(this::giveUpOne)) {
      given++;
    }
    return given;
  }

  private boolean giveUpOne(Connection connection) throws SQLException {
    var ended = next(connection);
    if (ended == null) {
      return false;
    }
    EndedJobs.giveUp(connection, List.of(ended));
    return true;
  }

  private GivenUpTexts.@Nullable Ended next(Connection connection) throws SQLException {
    var cancelled = Sql.queryForRow(connection, NEXT_CANCELLED, EndedJobs::read);
    return cancelled != null
        ? cancelled
        : Sql.queryForRow(
            connection, NEXT_SUPERSEDED, EndedJobs::read, (double) retention.toSeconds());
  }
}
