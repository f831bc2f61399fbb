package dev.sluice.embed;

import dev.sluice.document.EmbeddingModel;
import dev.sluice.message.EmbedMessage;
import dev.sluice.postgres.BoughtVectors;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.postgres.WriteRefused;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The last look before a batch is paid for: what the tenant has bought since the batch was planned
 * is taken over, and what another batch is buying at this moment is waited for.
 */
@Singleton
final class KnownVectors {
  private static final EmbeddingModel MODEL = EmbeddingModel.DEFAULT;

  /** What is left to buy. */
  enum Found {
    /** Every chunk has its vector; the batch is closed. */
    ALL,
    /** The others are this batch's to buy. */
    SOME,
    /** Another batch is paying for one of the texts. */
    BEING_BOUGHT,
    /** The batch has no chunks. */
    NO_TEXTS
  }

  /** Two batches with the same text must not each find that nobody is buying it. */
  private static final String ONE_AT_A_TIME =
      "select pg_advisory_xact_lock(hashtextextended('sluice buys for ' || ?::text, 0))";

  private static final String HOLDS_LEASE =
      """
      select 1
      from embedding_batches
      where batch_id = ? and generation = ? and state = 'planned' and lease_token = ?
      for no key update
      """;

  private static final String TAKE_OVER =
      "with taken as (\n"
          + BoughtVectors.TAKE_OVER
          + """
            where c.batch_id = ? and c.generation = ?
            order by c.chunk_ord
            on conflict on constraint document_vector_buffer_once do nothing
            returning chunk_id, generation, embed_sha),
          texts as (
            select count(*) as chunks, min(c.tokens) as tokens
            from taken
            join document_chunk_buffer c using (chunk_id, generation)
            group by taken.embed_sha)
          update embedding_batches
          set chunks_reused = chunks_reused + (select coalesce(sum(chunks), 0) from texts),
              tokens_reused = tokens_reused + (select coalesce(sum(tokens), 0) from texts)
          where batch_id = ? and exists (select from texts)
          """;

  private static final String OPEN_CHUNKS =
      """
      select count(*) as chunks, count(*) filter (where v.chunk_id is null) as open
      from document_chunk_buffer c
      left join document_vector_buffer v
        on v.chunk_id = c.chunk_id and v.generation = c.generation
       and v.embed_model = ? and v.embed_version = ?
      where c.batch_id = ? and c.generation = ?
      """;

  private static final String CLOSE =
      """
      update embedding_batches
      set state = 'done', done_at = clock_timestamp(), lease_token = null, leased_until = null,
          buying = null
      where batch_id = ?
      """;

  /** A dead function's purchase ends with its lease, a cancelled job's with the job. */
  private static final String IS_BEING_BOUGHT =
      """
      select 1
      from embedding_batches other
      join upload_jobs j on j.job_id = other.job_id and j.status = 'embedding_in_progress'
      cross join lateral unnest(other.buying) as theirs (text_hash)
      where other.user_id = ? and other.state = 'planned' and other.batch_id <> ?
        and other.leased_until > clock_timestamp()
        and theirs.text_hash in (
          select hashtextextended(embed_sha, 0)
          from document_chunk_buffer
          where batch_id = ? and generation = ?)
      limit 1
      """;

  private static final String BUY =
      """
      update embedding_batches b
      set buying = array(
        select distinct hashtextextended(c.embed_sha, 0)
        from document_chunk_buffer c
        where c.batch_id = b.batch_id and c.generation = b.generation
          and not exists (
            select from document_vector_buffer v
            where v.chunk_id = c.chunk_id and v.generation = c.generation
              and v.embed_model = ? and v.embed_version = ?))
      where b.batch_id = ?
      """;

  private final Transactions transactions;

  KnownVectors(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Takes over what is known, and closes the batch if that is all.
   *
   * @throws WriteRefused if the fence or the lease is lost
   */
  Found takeOver(EmbedMessage message, UUID lease) {
    return transactions.fenced(
        message.job(),
        connection -> {
          var unused =
              Sql.queryForText(connection, ONE_AT_A_TIME, message.job().userId().toString());
          holdLease(connection, message, lease);
          takeOver(connection, message);
          return decide(connection, message);
        });
  }

  private static void holdLease(Connection connection, EmbedMessage message, UUID lease)
      throws SQLException {
    if (Sql.queryForText(
            connection, HOLDS_LEASE, message.batchId(), message.job().generation(), lease)
        == null) {
      throw new WriteRefused.LeaseLost();
    }
  }

  private static void takeOver(Connection connection, EmbedMessage message) throws SQLException {
    Sql.update(
        connection,
        TAKE_OVER,
        MODEL.name(),
        MODEL.version(),
        message.batchId(),
        message.job().generation(),
        message.batchId());
  }

  private static Found decide(Connection connection, EmbedMessage message) throws SQLException {
    var found = found(connection, message);
    return switch (found) {
      case ALL -> {
        Sql.update(connection, CLOSE, message.batchId());
        yield found;
      }
      case SOME -> buyUnlessAnotherDoes(connection, message);
      case BEING_BOUGHT, NO_TEXTS -> found;
    };
  }

  private static Found found(Connection connection, EmbedMessage message) throws SQLException {
    return Sql.query(
            connection,
            OPEN_CHUNKS,
            row ->
                row.getInt("chunks") == 0
                    ? Found.NO_TEXTS
                    : row.getInt("open") == 0 ? Found.ALL : Found.SOME,
            MODEL.name(),
            MODEL.version(),
            message.batchId(),
            message.job().generation())
        .getFirst();
  }

  private static Found buyUnlessAnotherDoes(Connection connection, EmbedMessage message)
      throws SQLException {
    var job = message.job();
    if (Sql.queryForText(
            connection,
            IS_BEING_BOUGHT,
            job.userId(),
            message.batchId(),
            message.batchId(),
            job.generation())
        != null) {
      return Found.BEING_BOUGHT;
    }
    Sql.update(connection, BUY, MODEL.name(), MODEL.version(), message.batchId());
    return Found.SOME;
  }
}
