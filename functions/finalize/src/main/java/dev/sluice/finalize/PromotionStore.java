package dev.sluice.finalize;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.document.JobRef;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.postgres.WriteRefused;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.UUID;

/** From the buffers to what search reads. */
@Singleton
final class PromotionStore {
  private static final EmbeddingModel MODEL = EmbeddingModel.DEFAULT;

  private static final String COUNT =
      """
      select (j.progress ->> 'chunks_total')::integer as announced,
             count(c.chunk_id)::integer as chunks,
             count(v.chunk_id)::integer as vectors,
             count(c.chunk_id) filter (where v.chunk_id is null and c.unembeddable is not null)
               ::integer as unembeddable
      from upload_jobs j
      left join document_chunk_buffer c
        on c.document_id = j.document_id and c.generation = j.generation
       and c.chunker_name || '@' || c.chunker_version = j.chunks_version
      left join document_vector_buffer v
        on v.chunk_id = c.chunk_id and v.generation = c.generation and v.embed_sha = c.embed_sha
       and v.embed_model = ? and v.embed_version = ?
      where j.job_id = ?
      group by j.job_id
      """;

  private static final String HOLDS_LEASE =
      """
      select 1
      from upload_jobs
      where job_id = ? and generation = ? and status = 'embeddings_stored' and lease_token = ?
      for share
      """;

  /** Slices are promoted in order, each whole or not at all: the rest begins after the last. */
  private static final String NEXT_ORDINAL =
      """
      select coalesce(max(p.chunk_ord) + 1, 0)
      from upload_jobs j
      join document_chunks p
        on p.document_id = j.document_id and p.generation = j.generation
       and p.chunker_name || '@' || p.chunker_version = j.chunks_version
      where j.job_id = ?
      """;

  private static final String PROMOTE_SLICE =
      """
      insert into document_chunks
        (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
         chunk_sha, embed_sha, embed_model, embed_version, text, meta, vector, vector_sha,
         unembeddable)
      select c.chunk_id, c.generation, c.user_id, c.document_id, c.chunker_name, c.chunker_version,
             c.chunk_ord, c.chunk_sha, c.embed_sha, ?, ?, c.text, c.meta, v.vector, v.vector_sha,
             case when v.chunk_id is null then c.unembeddable end
      from upload_jobs j
      join document_chunk_buffer c
        on c.document_id = j.document_id and c.generation = j.generation
       and c.chunker_name || '@' || c.chunker_version = j.chunks_version
      left join document_vector_buffer v
        on v.chunk_id = c.chunk_id and v.generation = c.generation and v.embed_sha = c.embed_sha
       and v.embed_model = ? and v.embed_version = ?
      where j.job_id = ? and c.chunk_ord >= ? and c.chunk_ord < ?
        and (v.chunk_id is not null or c.unembeddable is not null)
      order by c.chunk_ord
      on conflict (chunk_id, generation) do nothing
      """;

  private static final String COUNT_PROMOTED =
      """
      select count(*)
      from upload_jobs j
      join document_chunks p
        on p.document_id = j.document_id and p.generation = j.generation
       and p.chunker_name || '@' || p.chunker_version = j.chunks_version
      where j.job_id = ?
      """;

  /** Never back to an older generation: only an operator does that. */
  private static final String ACTIVATE =
      """
      update documents
      set active_generation = greatest(coalesce(active_generation, 0), ?),
          generations_due_at = case when active_generation is not null then clock_timestamp() end,
          updated_at = clock_timestamp()
      where document_id = ? and current_generation = ? and deleted_at is null
      """;

  private static final String COMPLETE =
      """
      update upload_jobs
      set status = 'complete', lease_token = null, leased_until = null, attempts = 0,
          wait_until = null, wait_reason = null, emit_due_at = null
      where job_id = ? and generation = ? and status = 'embeddings_stored' and lease_token = ?
      """;

  private final Transactions transactions;

  PromotionStore(Transactions transactions) {
    this.transactions = transactions;
  }

  Completeness count(JobRef job) {
    return Objects.requireNonNull(
        transactions.<Completeness>asTenant(
            job.userId(),
            connection ->
                Objects.requireNonNull(
                    Sql.queryForRow(
                        connection,
                        COUNT,
                        row ->
                            new Completeness(
                                row.getInt("announced"),
                                row.getInt("chunks"),
                                row.getInt("vectors"),
                                row.getInt("unembeddable")),
                        MODEL.name(),
                        MODEL.version(),
                        job.jobId()))));
  }

  /** The first ordinal that is not promoted yet. */
  int nextOrdinal(JobRef job) {
    return transactions.asTenant(
        job.userId(),
        connection -> number(Sql.queryForText(connection, NEXT_ORDINAL, job.jobId())));
  }

  int promoted(JobRef job) {
    return transactions.asTenant(
        job.userId(),
        connection -> number(Sql.queryForText(connection, COUNT_PROMOTED, job.jobId())));
  }

  /**
   * Promotes the chunks from one ordinal to before another; search does not see them yet.
   *
   * @throws WriteRefused if the fence or the lease is lost
   */
  void promote(JobRef job, UUID lease, int from, int before) {
    transactions.fenced(
        job,
        connection -> {
          if (Sql.queryForText(connection, HOLDS_LEASE, job.jobId(), job.generation(), lease)
              == null) {
            throw new WriteRefused.LeaseLost();
          }
          return Sql.update(
              connection,
              PROMOTE_SLICE,
              MODEL.name(),
              MODEL.version(),
              MODEL.name(),
              MODEL.version(),
              job.jobId(),
              from,
              before);
        });
  }

  /**
   * Lets search read the generation, and completes its job.
   *
   * @throws WriteRefused if the fence or the lease is lost
   */
  void activate(JobRef job, UUID lease) {
    transactions.fencedAlone(
        job,
        connection -> {
          Sql.updateGuarded(
              connection, ACTIVATE, job.generation(), job.documentId(), job.generation());
          Sql.updateGuarded(connection, COMPLETE, job.jobId(), job.generation(), lease);
          return job;
        });
  }

  private static int number(@org.jspecify.annotations.Nullable String text) {
    return text == null ? 0 : Integer.parseInt(text);
  }
}
