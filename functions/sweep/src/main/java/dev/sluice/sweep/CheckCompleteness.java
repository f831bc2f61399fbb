package dev.sluice.sweep;

import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what search reads against what its job announced, each document once a day. What is
 * missing is put back from the buffers while they are there; what cannot be is an error, with the
 * ids, and stays in the gauge {@code incomplete_documents} until it is whole again.
 */
@Singleton
final class CheckCompleteness implements SweepTask {
  private static final Logger LOG = LoggerFactory.getLogger(CheckCompleteness.class);

  private static final String DUE =
      """
      select j.job_id, j.document_id, j.generation,
             (j.progress ->> 'chunks_total')::integer as announced,
             (select count(*) from document_chunks p
              where p.document_id = j.document_id and p.generation = j.generation)::integer
               as stored
      from upload_jobs j
      join documents d
        on d.document_id = j.document_id and d.active_generation = j.generation
       and d.deleted_at is null
      where j.status = 'complete' and j.purged_at is null
        and (j.checked_at is null
          or j.checked_at <= clock_timestamp() - interval '1 day'
          or j.incomplete_since is not null
            and j.checked_at <= clock_timestamp() - interval '10 minutes')
      order by j.checked_at nulls first
      limit ?
      for share of d skip locked
      for no key update of j skip locked
      """;

  private static final String PUT_BACK =
      """
      insert into document_chunks
        (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
         chunk_sha, embed_sha, embed_model, embed_version, text, meta, vector, vector_sha,
         unembeddable)
      select c.chunk_id, c.generation, c.user_id, c.document_id, c.chunker_name, c.chunker_version,
             c.chunk_ord, c.chunk_sha, c.embed_sha, j.embed_model, j.embed_version, c.text, c.meta,
             v.vector, v.vector_sha, case when v.chunk_id is null then c.unembeddable end
      from upload_jobs j
      join document_chunk_buffer c
        on c.document_id = j.document_id and c.generation = j.generation
       and c.chunker_name || '@' || c.chunker_version = j.chunks_version
      left join document_vector_buffer v
        on v.chunk_id = c.chunk_id and v.generation = c.generation and v.embed_sha = c.embed_sha
       and v.embed_model = j.embed_model and v.embed_version = j.embed_version
      where j.job_id = ? and (v.chunk_id is not null or c.unembeddable is not null)
      order by c.chunk_ord
      on conflict (chunk_id, generation) do nothing
      """;

  private static final String CHECKED =
      """
      update upload_jobs
      set checked_at = clock_timestamp(),
          incomplete_since = case
            when ?::boolean then null
            else coalesce(incomplete_since, clock_timestamp()) end
      where job_id = ?
      """;

  private final Transactions transactions;

  CheckCompleteness(Transactions transactions) {
    this.transactions = transactions;
  }

  /** A job and what search reads of it. */
  private record Counted(UUID jobId, UUID documentId, int generation, int announced, int stored) {
    static Counted read(ResultSet row) throws SQLException {
      return new Counted(
          row.getObject("job_id", UUID.class),
          row.getObject("document_id", UUID.class),
          row.getInt("generation"),
          row.getInt("announced"),
          row.getInt("stored"));
    }

    boolean isWhole() {
      return announced == stored;
    }
  }

  @Override
  public String name() {
    return "documents_checked";
  }

  @Override
  public int sweepSome() {
    return transactions.acrossTenants(
        connection -> {
          List<Counted> due = Sql.query(connection, DUE, Counted::read, AT_ONCE);
          for (var job : due) {
            boolean whole = job.isWhole() || isRepaired(connection, job);
            Sql.update(connection, CHECKED, whole, job.jobId());
          }
          return due.size();
        });
  }

  private static boolean isRepaired(Connection connection, Counted job) throws SQLException {
    int putBack = Sql.update(connection, PUT_BACK, job.jobId());
    boolean whole = job.stored() + putBack == job.announced();
    if (whole) {
      LOG.error(
          "Document {} generation {} (job {}) had lost {} of {} chunks; they are back from the"
              + " buffers",
          job.documentId(),
          job.generation(),
          job.jobId(),
          putBack,
          job.announced());
    } else {
      LOG.error(
          "Document {} generation {} (job {}) announced {} chunks and search reads {}; the buffers"
              + " do not make it whole: upload it again",
          job.documentId(),
          job.generation(),
          job.jobId(),
          job.announced(),
          job.stored() + putBack);
    }
    return whole;
  }
}
