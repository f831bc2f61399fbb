package dev.sluice.embed;

import com.pgvector.PGvector;
import dev.sluice.document.EmbeddingModel;
import dev.sluice.document.Hashes;
import dev.sluice.document.JobRef;
import dev.sluice.embedding.EmbeddingPurchase.Bought;
import dev.sluice.message.EmbedMessage;
import dev.sluice.postgres.ProviderCalls;
import dev.sluice.postgres.Sql;
import dev.sluice.postgres.Transactions;
import dev.sluice.postgres.VectorArray;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Texts out of the chunk buffer, vectors into the vector buffer. */
@Singleton
final class VectorStore {
  private static final EmbeddingModel MODEL = EmbeddingModel.DEFAULT;

  /** 1.6 MB of vectors, which the server keeps in memory (work_mem) while it inserts them. */
  static final int ROWS_A_STATEMENT = 256;

  private static final String CHUNKS =
      """
      select chunk_id, embed_sha, tokens,
             case when row_number() over (partition by embed_sha order by chunk_ord) = 1
                  then heading_prefix || text end as input
      from document_chunk_buffer c
      where batch_id = ? and generation = ?
        and not exists (
          select from document_vector_buffer v
          where v.chunk_id = c.chunk_id and v.generation = c.generation
            and v.embed_model = ? and v.embed_version = ?)
      order by chunk_ord
      """;

  private static final String BATCH_DONE =
      """
      update embedding_batches
      set state = 'done', done_at = clock_timestamp(), lease_token = null, leased_until = null,
          buying = null, cost_nanousd = cost_nanousd + ?
      where batch_id = ? and generation = ? and state = 'planned' and lease_token = ?
      """;

  private static final String UPSERT =
      """
      insert into document_vector_buffer as stored
        (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
         vector, vector_sha, batch_id)
      select t.chunk_id, ?, ?, ?, t.embed_sha, ?, ?, t.vector, t.vector_sha, ?
      from unnest(?::uuid[], ?::text[], ?::vector[], ?::text[])
        as t (chunk_id, embed_sha, vector, vector_sha)
      on conflict (chunk_id, generation, embed_model, embed_version) do update
      set embed_sha = excluded.embed_sha, vector = excluded.vector,
          vector_sha = excluded.vector_sha, batch_id = excluded.batch_id
      where stored.vector_sha <> excluded.vector_sha
      """;

  private final Transactions transactions;

  VectorStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The batch's chunks without a vector by ordinal; the texts among them are distinct. */
  List<BatchChunk> chunks(EmbedMessage message) {
    return transactions.asTenant(
        message.job().userId(),
        connection ->
            Sql.query(
                connection,
                CHUNKS,
                row ->
                    new BatchChunk(
                        row.getObject("chunk_id", UUID.class),
                        row.getString("embed_sha"),
                        row.getInt("tokens"),
                        row.getString("input")),
                message.batchId(),
                message.job().generation(),
                MODEL.name(),
                MODEL.version()));
  }

  /**
   * Stores every chunk's vector, closes the batch and settles the call, all or nothing.
   *
   * @param bought a vector for each distinct text of {@code chunks}, in order
   * @throws dev.sluice.postgres.WriteRefused if the fence or the lease is lost
   */
  void store(EmbedMessage message, UUID lease, List<BatchChunk> chunks, Bought bought) {
    var job = message.job();
    var vectors = vectorsByText(chunks, bought.vectors());
    transactions.fenced(
        job,
        connection -> {
          Sql.updateGuarded(
              connection,
              BATCH_DONE,
              bought.settlement().costNanoUsd(),
              message.batchId(),
              job.generation(),
              lease);
          insert(connection, job, message.batchId(), chunks, vectors);
          ProviderCalls.settle(connection, bought.callId(), bought.settlement());
          return job;
        });
  }

  private record HashedVector(PGvector vector, String sha) {}

  private static Map<String, HashedVector> vectorsByText(
      List<BatchChunk> chunks, List<float[]> vectors) {
    var byText = new HashMap<String, HashedVector>();
    var next = vectors.iterator();
    for (var chunk : chunks) {
      if (chunk.text() != null) {
        var vector = next.next();
        byText.put(
            chunk.embedSha(), new HashedVector(new PGvector(vector), Hashes.ofVector(vector)));
      }
    }
    return byText;
  }

  private static void insert(
      Connection connection,
      JobRef job,
      UUID batchId,
      List<BatchChunk> chunks,
      Map<String, HashedVector> vectors)
      throws SQLException {
    for (int from = 0; from < chunks.size(); from += ROWS_A_STATEMENT) {
      var slice = chunks.subList(from, Math.min(from + ROWS_A_STATEMENT, chunks.size()));
      insertSlice(connection, job, batchId, slice, vectors);
    }
  }

  private static void insertSlice(
      Connection connection,
      JobRef job,
      UUID batchId,
      List<BatchChunk> slice,
      Map<String, HashedVector> vectors)
      throws SQLException {
    var ofSlice = slice.stream().map(chunk -> vectorOf(chunk, vectors)).toList();
    Sql.update(
        connection,
        UPSERT,
        job.generation(),
        job.userId(),
        job.documentId(),
        MODEL.name(),
        MODEL.version(),
        batchId,
        slice.stream().map(BatchChunk::chunkId).toArray(UUID[]::new),
        slice.stream().map(BatchChunk::embedSha).toArray(String[]::new),
        VectorArray.of(connection, ofSlice.stream().map(HashedVector::vector).toList()),
        ofSlice.stream().map(HashedVector::sha).toArray(String[]::new));
  }

  private static HashedVector vectorOf(BatchChunk chunk, Map<String, HashedVector> vectors) {
    var vector = vectors.get(chunk.embedSha());
    if (vector == null) {
      throw new IllegalStateException("chunk " + chunk.chunkId() + " has no vector");
    }
    return vector;
  }
}
