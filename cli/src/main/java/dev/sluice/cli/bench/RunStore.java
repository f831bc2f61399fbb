package dev.sluice.cli.bench;

import dev.sluice.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the database holds of one run, whose documents all belong to one user. A repeated
 * announcement leaves a generation behind that never gets bytes: of each document the one with
 * bytes counts, the latest if there are several or none.
 */
final class RunStore implements AutoCloseable {
  private static final String PROGRESS =
      """
      select count(*) filter (where status = 'complete'),
             count(*) filter (where status like 'failed%' or status = 'cancelled')
      from (select distinct on (document_id) status
            from upload_jobs
            where user_id = ?
            order by document_id, received_at is not null desc, generation desc) latest
      """;

  private static final String ENDS =
      """
      select coalesce(last_error ->> 'code', status), count(*)
      from (select distinct on (document_id) status, last_error
            from upload_jobs
            where user_id = ?
            order by document_id, received_at is not null desc, generation desc) latest
      where status <> 'complete'
      group by 1
      """;

  private static final String SECONDS =
      """
      select extract(epoch from e.at - j.created_at)
      from upload_jobs j
      join job_events e on e.job_id = j.job_id and e.to_status = 'complete'
      where j.user_id = ? and j.status = 'complete'
      """;

  private static final String TOOK =
      """
      select coalesce(extract(epoch from max(e.at) - min(j.created_at)), 0)
      from upload_jobs j
      join job_events e on e.job_id = j.job_id
      where j.user_id = ? and j.status = 'complete'
      """;

  /** Vectors are counted where they may be doubled: in the buffer, if it is still there. */
  private static final String ROWS =
      """
      select coalesce(sum(promoted), 0),
             coalesce(sum(greatest(promoted - expected, 0) + greatest(vectors - expected, 0)), 0),
             coalesce(sum(greatest(expected - served, 0)), 0)
      from (
          select (j.progress ->> 'chunks_total')::bigint as expected,
                 (select count(*) from document_chunks c where c.document_id = j.document_id) as promoted,
                 (select count(*) from document_vector_buffer v where v.document_id = j.document_id) as vectors,
                 (select count(distinct c.chunk_id)
                  from document_chunks c
                  join documents d on d.document_id = c.document_id and d.active_generation = c.generation
                  where c.document_id = j.document_id) as served
          from upload_jobs j
          where j.user_id = ? and j.status = 'complete') counted
      """;

  private static final String PAID_TWICE =
      """
      select coalesce(sum(paid - 1), 0)
      from (select count(*) as paid
            from provider_calls
            where user_id = ? and state = 'settled' and cost_nanousd > 0 and operation in ('parse', 'embed')
            group by operation, coalesce(batch_id, job_id)) calls
      """;

  private static final String UNKNOWN =
      """
      select count(*) from provider_calls where user_id = ? and state <> 'settled'
      """;

  private static final String DEADLOCKS =
      """
      select deadlocks from pg_stat_database where datname = current_database()
      """;

  /** While its batches are open, they are looked at and not their job. */
  private static final String STAYS =
      """
      select place, extract(epoch from entered), extract(epoch from departed)
      from (
          select e.to_status as place, e.at as entered,
                 lead(e.at) over (partition by e.job_id order by e.event_id) as departed
          from job_events e
          join upload_jobs j on j.job_id = e.job_id
          where j.user_id = ? and j.status = 'complete' and e.kind in ('created', 'transition')) moves
      where departed is not null and place not in ('embedding_queued', 'embedding_in_progress')
      union all
      select 'batch', extract(epoch from created_at), extract(epoch from done_at)
      from embedding_batches
      where user_id = ? and state = 'done'
      """;

  private static final String INCOMPLETE =
      """
      select format('job %s of %s is %s, attempts %s, retries %s, waits for %s until %s, leased until %s, error %s; %s',
                    j.job_id, d.filename, j.status, j.attempts, j.retry_count, coalesce(j.wait_reason, 'nothing'),
                    j.wait_until, j.leased_until, j.last_error,
                    (select string_agg(e.kind || ' ' || e.to_status || ' ' || to_char(e.at, 'HH24:MI:SS.MS'), ', '
                                       order by e.event_id)
                     from job_events e
                     where e.job_id = j.job_id))
      from (select distinct on (document_id) *
            from upload_jobs
            where user_id = ?
            order by document_id, received_at is not null desc, generation desc) j
      join documents d on d.document_id = j.document_id
      where j.status <> 'complete'
      order by j.created_at
      """;

  private final Connection database;
  private final UUID user;

  RunStore(Connection database, UUID user) {
    this.database = database;
    this.user = user;
  }

  /** Documents that have come to an end. */
  record Progress(int complete, int failed) {
    int ended() {
      return complete + failed;
    }
  }

  /**
   * Rows of the complete documents.
   *
   * @param chunks that were promoted
   * @param doubled chunks or vectors beyond those that the documents have
   * @param missing chunks that search does not see
   */
  record Rows(long chunks, long doubled, long missing) {}

  Progress progress() throws SQLException {
    return progress(database, user);
  }

  static Progress progress(Connection database, UUID user) throws SQLException {
    return Sql.query(database, PROGRESS, row -> new Progress(row.getInt(1), row.getInt(2)), user)
        .getFirst();
  }

  /** How many documents are not complete, by their error's code or their status. */
  Map<String, Integer> ends() throws SQLException {
    Map<String, Integer> ends = new TreeMap<>();
    List<Map.Entry<String, Integer>> rows =
        Sql.query(database, ENDS, row -> Map.entry(row.getString(1), row.getInt(2)), user);
    rows.forEach(row -> ends.put(row.getKey(), row.getValue()));
    return ends;
  }

  /** From announcement to complete, of each complete document. */
  List<Double> seconds() throws SQLException {
    return Sql.query(database, SECONDS, row -> row.getDouble(1), user);
  }

  /** From the first announcement to the last completion, in seconds. */
  double took() throws SQLException {
    return one(TOOK, row -> row.getDouble(1), user);
  }

  Rows rows() throws SQLException {
    return one(ROWS, row -> new Rows(row.getLong(1), row.getLong(2), row.getLong(3)), user);
  }

  /** Paid calls beyond one for each batch and each parsed document. */
  int paidTwice() throws SQLException {
    return one(PAID_TWICE, row -> row.getInt(1), user);
  }

  /** Calls of which nobody knows whether they were paid: their function died. */
  int unknownCalls() throws SQLException {
    return one(UNKNOWN, row -> row.getInt(1), user);
  }

  /** Since the database was made. */
  long deadlocks() throws SQLException {
    return one(DEADLOCKS, row -> row.getLong(1));
  }

  List<Stay> stays() throws SQLException {
    return Sql.query(
        database,
        STAYS,
        row -> new Stay(row.getString(1), row.getDouble(2), row.getDouble(3)),
        user,
        user);
  }

  /** A line for each document that is not complete. */
  List<String> incomplete() throws SQLException {
    return Sql.query(database, INCOMPLETE, row -> row.getString(1), user);
  }

  private <T> T one(String sql, Sql.RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    return Sql.query(database, sql, reader, parameters).getFirst();
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
