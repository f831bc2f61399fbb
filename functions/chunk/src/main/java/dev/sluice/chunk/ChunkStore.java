package dev.sluice.chunk;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.EmbeddingModel;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.postgres.BoughtVectors;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Chunks into the chunk buffer, and known vectors beside them, slice by slice. */
@Singleton
final class ChunkStore {
  private static final EmbeddingModel MODEL = EmbeddingModel.DEFAULT;

  /** The lease stays: the same invocation goes on. */
  private static final String START =
      """
      update upload_jobs
      set status = 'chunking'
      where job_id = ? and generation = ? and status = 'parse_validated' and lease_token = ?
      """;

  /** Slices are written in order, each whole or not at all. */
  private static final String COUNT_WRITTEN =
      """
      select case when count(*) = max(chunk_ord) + 1 then count(*) else 0 end
      from document_chunk_buffer
      where document_id = ? and generation = ? and chunker_name = ? and chunker_version = ?
      """;

  private static final String NOTE_PROGRESS =
      """
      update upload_jobs
      set progress = progress || jsonb_build_object('chunks_written', ?::integer)
      where job_id = ? and generation = ? and status = 'chunking' and lease_token = ?
      """;

  /** The same text gives the same rows: an attempt that is repeated changes none. */
  private static final String UPSERT =
      """
      insert into document_chunk_buffer as stored
        (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
         chunk_sha, embed_sha, heading_prefix, text, tokens, meta)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
      on conflict (chunk_id, generation) do update
      set chunk_sha = excluded.chunk_sha, embed_sha = excluded.embed_sha,
          heading_prefix = excluded.heading_prefix, text = excluded.text,
          tokens = excluded.tokens, meta = excluded.meta
      where (stored.chunk_sha, stored.embed_sha, stored.meta)
        is distinct from (excluded.chunk_sha, excluded.embed_sha, excluded.meta)
      """;

  private static final String REUSE =
      BoughtVectors.TAKE_OVER
          + """
          where c.document_id = ? and c.generation = ?
            and c.chunker_name = ? and c.chunker_version = ? and c.chunk_ord between ? and ?
          order by c.chunk_ord
          on conflict on constraint document_vector_buffer_once do nothing
          """;

  private final Transactions transactions;
  private final ObjectMapper json;

  ChunkStore(Transactions transactions, ObjectMapper json) {
    this.transactions = transactions;
    this.json = json;
  }

  /** Moves the job from {@code parse_validated} to {@code chunking}. */
  void start(ChunkWork work) {
    JobRef job = work.job();
    transactions.fenced(
        job,
        connection -> {
          Sql.updateGuarded(connection, START, job.jobId(), job.generation(), work.lease());
          return job;
        });
  }

  /** How many chunks of this plan an earlier invocation has written. */
  int countWritten(ChunkWork work) {
    JobRef job = work.job();
    return transactions.asTenant(
        job.userId(),
        connection ->
            Sql.queryForInt(
                    connection,
                    COUNT_WRITTEN,
                    job.documentId(),
                    job.generation(),
                    ChunkPlan.CHUNKER_NAME,
                    work.plan().chunkerVersion())
                .orElse(0));
  }

  /**
   * Writes consecutive chunks, and gives those whose text the tenant has embedded before its
   * vector.
   *
   * @throws dev.sluice.postgres.WriteRefused if the job is no longer this invocation's
   */
  void write(ChunkWork work, List<Chunk> slice) {
    JobRef job = work.job();
    transactions.fenced(
        job,
        connection -> {
          Sql.updateGuarded(
              connection,
              NOTE_PROGRESS,
              slice.getLast().ord() + 1,
              job.jobId(),
              job.generation(),
              work.lease());
          upsert(connection, work, slice);
          return reuse(connection, work, slice);
        });
  }

  private void upsert(Connection connection, ChunkWork work, List<Chunk> slice)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
      for (Chunk chunk : slice) {
        bind(statement, work, chunk);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void bind(PreparedStatement statement, ChunkWork work, Chunk chunk) throws SQLException {
    JobRef job = work.job();
    String version = work.plan().chunkerVersion();
    int column = 1;
    statement.setObject(
        column++,
        DocumentIds.chunk(job.documentId(), ChunkPlan.CHUNKER_NAME, version, chunk.ord()));
    statement.setInt(column++, job.generation());
    statement.setObject(column++, job.userId());
    statement.setObject(column++, job.documentId());
    statement.setString(column++, ChunkPlan.CHUNKER_NAME);
    statement.setString(column++, version);
    statement.setInt(column++, chunk.ord());
    statement.setString(column++, Hashes.ofText(chunk.text()));
    statement.setString(column++, Hashes.ofText(chunk.embeddedText()));
    statement.setString(column++, chunk.headingPrefix());
    statement.setString(column++, chunk.text());
    statement.setInt(column++, chunk.tokens());
    statement.setString(column, meta(chunk));
  }

  private static int reuse(Connection connection, ChunkWork work, List<Chunk> slice)
      throws SQLException {
    return Sql.update(
        connection,
        REUSE,
        MODEL.name(),
        MODEL.version(),
        work.job().documentId(),
        work.job().generation(),
        ChunkPlan.CHUNKER_NAME,
        work.plan().chunkerVersion(),
        slice.getFirst().ord(),
        slice.getLast().ord());
  }

  private String meta(Chunk chunk) {
    try {
      return json.writeValueAsString(ChunkMeta.of(chunk));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
