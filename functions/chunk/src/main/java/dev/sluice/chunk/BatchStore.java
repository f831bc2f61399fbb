package dev.sluice.chunk;

import dev.sluice.document.DocumentIds;
import dev.sluice.document.EmbeddingModel;
import dev.sluice.document.JobRef;
import dev.sluice.message.ChunkMessage;
import dev.sluice.message.EmbedMessage;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** The plan of embedding batches, and the job's moves that follow from it. */
@Singleton
final class BatchStore {
  private static final EmbeddingModel MODEL = EmbeddingModel.DEFAULT;

  /** What an attempt with other sizes, or with another text, left behind. */
  private static final String FORGET_OTHER_CHUNKS =
      """
      delete from document_chunk_buffer
      where document_id = ? and generation = ?
        and (chunker_name <> ? or chunker_version <> ? or chunk_ord >= ?)
      """;

  private static final String TEXTS_WITHOUT_VECTOR =
      """
      select c.embed_sha, min(c.tokens) as tokens, count(*)::integer as chunks
      from document_chunk_buffer c
      where c.document_id = ? and c.generation = ?
        and not exists (
          select from document_vector_buffer v
          where v.chunk_id = c.chunk_id and v.generation = c.generation
            and v.embed_model = ? and v.embed_version = ?)
      group by c.embed_sha
      order by min(c.chunk_ord)
      """;

  /** As they would have been bought: a text that occurs several times once. */
  private static final String DISTINCT_TOKENS =
      """
      select coalesce(sum(tokens), 0)
      from (
        select min(tokens) as tokens
        from document_chunk_buffer
        where document_id = ? and generation = ?
        group by embed_sha) texts
      """;

  /**
   * A tenth of a minute's tokens, so that ten batches wait for each other and not for one; and no
   * more than the provider takes in one request.
   */
  private static final String ALLOWED_TOKENS =
      """
      select least(300000, tokens_a_minute / 10, largest_request)::integer
      from rate_buckets
      where provider = 'openai' and model = ?
      """;

  private static final String FINISH =
      """
      update upload_jobs
      set status = 'chunks_stored', chunks_version = ?, embed_model = ?, embed_version = ?,
          progress = progress || jsonb_build_object(
            'chunks_total', ?::integer, 'chunks_written', ?::integer, 'chunks_reused', ?::integer,
            'tokens_reused', ?::integer),
          lease_token = null, leased_until = null, attempts = 0,
          emit_due_at = clock_timestamp() + interval '1 minute'
      where job_id = ? and generation = ? and status = 'chunking' and lease_token = ?
      """;

  private static final String ADD_BATCH =
      """
      insert into embedding_batches
        (batch_id, user_id, job_id, document_id, generation, batch_no, texts, tokens, emit_due_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp() + interval '1 minute')
      """;

  /**
   * Of a document that nobody has analysed yet PostgreSQL expects one row, and would go through all
   * texts for each of its chunks.
   */
  private static final String JOIN_BY_HASH = "select set_config('enable_nestloop', 'off', true)";

  /** All batches at once: one after the other, each would read the whole document. */
  private static final String ASSIGN =
      """
      update document_chunk_buffer c
      set batch_id = planned.batch_id
      from unnest(?::text[], ?::uuid[]) as planned (embed_sha, batch_id)
      where c.document_id = ? and c.generation = ? and c.embed_sha = planned.embed_sha
      """;

  private static final String UNSENT_BATCHES =
      """
      select batch_id, batch_no
      from embedding_batches
      where job_id = ? and generation = ? and state = 'planned' and emit_due_at is not null
      order by batch_no
      """;

  private static final String SENT =
      """
      update embedding_batches
      set emit_due_at = null
      where batch_id = any (?::uuid[])
      """;

  private static final String HAS_OPEN_BATCH =
      """
      select 1 from embedding_batches where job_id = ? and state = 'planned' limit 1
      """;

  private static final String COUNT_BATCHES =
      """
      select count(*) from embedding_batches where job_id = ?
      """;

  /** No row when a fast embed function has taken the job further. */
  private static final String QUEUED =
      """
      update upload_jobs
      set status = 'embedding_queued', emit_due_at = null
      where job_id = ? and generation = ? and retry_count = ? and status = 'chunks_stored'
      """;

  private static final String NOTHING_TO_EMBED =
      """
      update upload_jobs
      set status = 'embeddings_stored',
          emit_due_at = clock_timestamp() + interval '1 minute'
      where job_id = ? and generation = ? and retry_count = ? and status = 'chunks_stored'
      """;

  private final Transactions transactions;
  private final BatchPlanner planner;

  BatchStore(Transactions transactions, BatchPlanner planner) {
    this.transactions = transactions;
    this.planner = planner;
  }

  private record UnembeddedText(EmbedText text, int chunks) {}

  /**
   * Plans the batches of the chunks without a vector and moves the job to {@code chunks_stored}.
   *
   * @throws dev.sluice.postgres.WriteRefused if the job is no longer this invocation's
   */
  void finish(ChunkWork work, int chunksTotal) {
    transactions.fenced(
        work.job(),
        connection -> {
          forgetOtherChunks(connection, work, chunksTotal);
          List<UnembeddedText> texts = textsWithoutVector(connection, work.job());
          int unembedded = texts.stream().mapToInt(UnembeddedText::chunks).sum();
          List<EmbedText> wanted = texts.stream().map(UnembeddedText::text).toList();
          int saved = distinctTokens(connection, work.job()) - tokens(wanted);
          moveOn(connection, work, chunksTotal, chunksTotal - unembedded, saved);
          List<PlannedBatch> batches = planner.withAtMost(allowed(connection)).plan(wanted);
          for (PlannedBatch batch : batches) {
            add(connection, work.job(), batch);
          }
          assign(connection, work.job(), batches);
          return work;
        });
  }

  private static int allowed(Connection connection) throws SQLException {
    return Sql.queryForInt(connection, ALLOWED_TOKENS, MODEL.name()).orElse(Integer.MAX_VALUE);
  }

  private static void forgetOtherChunks(Connection connection, ChunkWork work, int chunksTotal)
      throws SQLException {
    Sql.update(
        connection,
        FORGET_OTHER_CHUNKS,
        work.job().documentId(),
        work.job().generation(),
        ChunkPlan.CHUNKER_NAME,
        work.plan().chunkerVersion(),
        chunksTotal);
  }

  private static List<UnembeddedText> textsWithoutVector(Connection connection, JobRef job)
      throws SQLException {
    return Sql.query(
        connection,
        TEXTS_WITHOUT_VECTOR,
        row ->
            new UnembeddedText(
                new EmbedText(row.getString("embed_sha"), row.getInt("tokens")),
                row.getInt("chunks")),
        job.documentId(),
        job.generation(),
        MODEL.name(),
        MODEL.version());
  }

  private static int distinctTokens(Connection connection, JobRef job) throws SQLException {
    return Sql.queryForInt(connection, DISTINCT_TOKENS, job.documentId(), job.generation())
        .orElseThrow();
  }

  private static int tokens(List<EmbedText> texts) {
    return texts.stream().mapToInt(EmbedText::tokens).sum();
  }

  private static void moveOn(
      Connection connection, ChunkWork work, int chunksTotal, int chunksReused, int tokensReused)
      throws SQLException {
    Sql.updateGuarded(
        connection,
        FINISH,
        work.plan().chunksVersion(),
        MODEL.name(),
        MODEL.version(),
        chunksTotal,
        chunksTotal,
        chunksReused,
        tokensReused,
        work.job().jobId(),
        work.job().generation(),
        work.lease());
  }

  private static void add(Connection connection, JobRef job, PlannedBatch batch)
      throws SQLException {
    Sql.update(
        connection,
        ADD_BATCH,
        DocumentIds.batch(job.jobId(), batch.number()),
        job.userId(),
        job.jobId(),
        job.documentId(),
        job.generation(),
        batch.number(),
        batch.embedShas().size(),
        batch.tokens());
  }

  private static void assign(Connection connection, JobRef job, List<PlannedBatch> batches)
      throws SQLException {
    List<String> texts = new ArrayList<>();
    List<UUID> ofTexts = new ArrayList<>();
    for (PlannedBatch batch : batches) {
      texts.addAll(batch.embedShas());
      ofTexts.addAll(
          Collections.nCopies(
              batch.embedShas().size(), DocumentIds.batch(job.jobId(), batch.number())));
    }
    var unused = Sql.queryForText(connection, JOIN_BY_HASH);
    Sql.update(
        connection,
        ASSIGN,
        texts.toArray(String[]::new),
        ofTexts.toArray(UUID[]::new),
        job.documentId(),
        job.generation());
  }

  /** A message for each open batch that has none yet, by number. */
  List<EmbedMessage> unsentBatches(ChunkMessage message) {
    JobRef job = message.job();
    return transactions.asTenant(
        job.userId(),
        connection ->
            Sql.query(
                connection,
                UNSENT_BATCHES,
                row ->
                    new EmbedMessage(
                        job,
                        row.getObject("batch_id", UUID.class),
                        row.getInt("batch_no"),
                        message.retryCount(),
                        message.correlationId()),
                job.jobId(),
                job.generation()));
  }

  /** The batches have their messages; the sweep need not send them. */
  void sent(List<EmbedMessage> messages) {
    var ids = messages.stream().map(message -> message.batchId().toString()).toArray(String[]::new);
    transactions.asTenant(
        messages.getFirst().job().userId(),
        connection -> Sql.update(connection, SENT, (Object) ids));
  }

  /** Whether anything is left to embed. */
  boolean hasOpenBatch(JobRef job) {
    return transactions.asTenant(
        job.userId(),
        connection -> Sql.queryForText(connection, HAS_OPEN_BATCH, job.jobId()) != null);
  }

  /** Whether the job's every vector was reused: no batch was ever planned. */
  boolean hasNoBatch(JobRef job) {
    return transactions.asTenant(
        job.userId(),
        connection -> "0".equals(Sql.queryForText(connection, COUNT_BATCHES, job.jobId())));
  }

  /** Every batch has its message: {@code embedding_queued}, unless embedding has begun. */
  void batchesAreQueued(ChunkMessage message) {
    var unused = move(QUEUED, message);
  }

  /** Every chunk has its vector: {@code embeddings_stored}, if this call is what moves it. */
  boolean nothingIsLeftToEmbed(ChunkMessage message) {
    return move(NOTHING_TO_EMBED, message);
  }

  private boolean move(String statement, ChunkMessage message) {
    JobRef job = message.job();
    return transactions.fenced(
        job,
        connection ->
            Sql.update(connection, statement, job.jobId(), job.generation(), message.retryCount())
                == 1);
  }
}
