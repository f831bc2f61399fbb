package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Removes the rows of jobs that need them no longer, slice by slice: of every such job its buffers
 * and batches, of cancelled and deleted ones and of generations that are no longer kept also what
 * was promoted, and their callbacks' nonces.
 */
@Singleton
final class PurgeBuffers implements SweepTask {
  /** Rows in one transaction: with their vectors some tens of milliseconds. */
  private static final int SLICE = 1000;

  /** Rows after which the other tasks have their turn. */
  private static final int ENOUGH = 5 * SLICE;

  private static final String NEXT =
      """
      select job_id, document_id, generation, purged_at is not null as everything
      from upload_jobs
      where buffers_counted_at is not null and buffers_purged_at is null
      order by buffers_counted_at
      limit 1
      for update skip locked
      """;

  private static final String VECTORS =
      """
      delete from document_vector_buffer
      where ctid = any (array(
        select ctid from document_vector_buffer
        where document_id = ? and generation = ? limit ?))
      """;

  private static final String CHUNKS =
      """
      delete from document_chunk_buffer
      where ctid = any (array(
        select ctid from document_chunk_buffer
        where document_id = ? and generation = ? limit ?))
      """;

  private static final String PROMOTED =
      """
      delete from document_chunks
      where ctid = any (array(
        select ctid from document_chunks
        where document_id = ? and generation = ? limit ?))
      """;

  private static final String BATCHES =
      """
      delete from embedding_batches where job_id = ?
      """;

  private static final String NONCES =
      """
      delete from webhook_log where job_id = ?
      """;

  private static final String DONE =
      """
      update upload_jobs set buffers_purged_at = clock_timestamp() where job_id = ?
      """;

  private final Transactions transactions;

  PurgeBuffers(Transactions transactions) {
    this.transactions = transactions;
  }

  private record Purged(UUID jobId, UUID documentId, int generation, boolean everything) {
    static Purged read(ResultSet row) throws SQLException {
      return new Purged(
          row.getObject("job_id", UUID.class),
          row.getObject("document_id", UUID.class),
          row.getInt("generation"),
          row.getBoolean("everything"));
    }
  }

  @Override
  public String name() {
    return "buffer_slices_purged";
  }

  @Override
  public int sweepSome() {
    int rows = 0;
    int slices = 0;
    while (rows < ENOUGH && slices < AT_ONCE) {
      OptionalInt some = transactions.acrossTenants(PurgeBuffers::purgeSlice);
      if (some.isEmpty()) {
        break;
      }
      rows += some.getAsInt();
      slices++;
    }
    return rows < ENOUGH ? slices : Math.max(slices, AT_ONCE);
  }

  /** The number of rows; empty if there is no job to purge. */
  private static OptionalInt purgeSlice(Connection connection) throws SQLException {
    var job = Sql.queryForRow(connection, NEXT, Purged::read);
    if (job == null) {
      return OptionalInt.empty();
    }
    // Vectors hang on chunks, and chunks on batches.
    int rows = delete(connection, VECTORS, job, SLICE);
    rows += delete(connection, CHUNKS, job, SLICE - rows);
    if (job.everything()) {
      rows += delete(connection, PROMOTED, job, SLICE - rows);
    }
    if (rows < SLICE) {
      Sql.update(connection, BATCHES, job.jobId());
      if (job.everything()) {
        Sql.update(connection, NONCES, job.jobId());
      }
      Sql.update(connection, DONE, job.jobId());
    }
    return OptionalInt.of(rows);
  }

  private static int delete(Connection connection, String statement, Purged job, int limit)
      throws SQLException {
    return Sql.update(connection, statement, job.documentId(), job.generation(), limit);
  }
}
