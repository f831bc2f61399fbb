package dev.sluice.vectors;

import dev.sluice.bench.BenchDatabase;
import dev.sluice.document.DocumentIds;
import dev.sluice.document.JobRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** The rows that vectors refer to, as the chunk function leaves them: one document with one job. */
final class ChunkRows {
  private static final List<String> DOCUMENT =
      List.of(
          """
          insert into parsed_objects (user_id, parsed_sha256, path, bytes)
          select u, repeat('0', 64), 'storage://bench', 10
          from (select ?::uuid as u) x
          """,
          """
          insert into documents
            (user_id, document_id, filename, mime_type, next_generation, current_generation)
          select u, d, 'bench.md', 'text/markdown', 2, 1
          from (select ?::uuid as u, ?::uuid as d) x
          """,
          """
          insert into upload_jobs
            (job_id, user_id, document_id, generation, status, received_at, raw_path, raw_sha256,
             raw_bytes, parsed_path, parsed_sha256, chunks_version, progress, webhook_secret,
             correlation_id)
          select j, u, d, 1, 'embedding_in_progress', clock_timestamp(), 'storage://bench',
                 repeat('0', 64), 10, 'storage://bench', repeat('0', 64), 'markdown-simple@1',
                 jsonb_build_object('chunks_total', n), '{"kid": "k1", "salt": "s"}', 'bench'
          from (select ?::uuid as u, ?::uuid as d, ?::uuid as j, ?::integer as n) x
          """);

  private static final String CHUNK =
      """
      insert into document_chunk_buffer
        (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
         chunk_sha, embed_sha, text, tokens)
      values (?, 1, ?, ?, 'markdown-simple', '1', ?, ?, ?, 'text', 100)
      """;

  private static final List<String> SETTLE =
      List.of("vacuum analyze document_chunk_buffer", "analyze documents, upload_jobs");

  private static final List<String> FORGET_BATCHES =
      List.of(
          "truncate document_vector_buffer, provider_calls",
          "update document_chunk_buffer set batch_id = null where batch_id is not null",
          "delete from embedding_batches");

  private static final String BATCH =
      """
      insert into embedding_batches
        (batch_id, user_id, job_id, document_id, generation, batch_no, texts, tokens)
      values (?, ?, ?, ?, 1, ?, ?, ?)
      """;

  private static final String ASSIGN =
      """
      update document_chunk_buffer
      set batch_id = ?
      where document_id = ? and chunk_ord >= ? and chunk_ord < ?
      """;

  private static final List<String> SETTLE_BATCHES =
      List.of(
          "vacuum analyze document_chunk_buffer",
          "vacuum analyze embedding_batches",
          "vacuum analyze provider_calls");

  private final BenchDatabase database;
  private final List<Sample> samples;
  private final JobRef job = JobRef.of(UUID.randomUUID(), UUID.randomUUID(), 1);

  private ChunkRows(BenchDatabase database, List<Sample> samples) {
    this.database = database;
    this.samples = samples;
  }

  /** A chunk for each vector, in no batch. */
  static ChunkRows add(BenchDatabase database, List<Sample> samples) throws SQLException {
    ChunkRows rows = new ChunkRows(database, samples);
    rows.database.run(
        DOCUMENT, rows.job.userId(), rows.job.documentId(), rows.job.jobId(), samples.size());
    try (Connection connection = database.connect();
        PreparedStatement chunk = connection.prepareStatement(CHUNK)) {
      connection.setAutoCommit(false);
      for (int ordinal = 0; ordinal < samples.size(); ordinal++) {
        rows.bind(chunk, ordinal);
        chunk.addBatch();
      }
      chunk.executeBatch();
      connection.commit();
    }
    database.run(SETTLE);
    return rows;
  }

  private void bind(PreparedStatement chunk, int ordinal) throws SQLException {
    Sample sample = samples.get(ordinal);
    chunk.setObject(1, sample.chunkId());
    chunk.setObject(2, job.userId());
    chunk.setObject(3, job.documentId());
    chunk.setInt(4, ordinal);
    chunk.setString(5, sample.embedSha());
    chunk.setString(6, sample.embedSha());
  }

  JobRef job() {
    return job;
  }

  /** Of the batch that holds the sample from that place on. */
  UUID batch(int from, int texts) {
    return DocumentIds.batch(job.jobId(), from / texts);
  }

  /** Plans the batches anew, with no vector and no call. */
  void plan(int texts) throws SQLException {
    database.run(FORGET_BATCHES);
    try (Connection connection = database.connect();
        PreparedStatement batch = connection.prepareStatement(BATCH);
        PreparedStatement assign = connection.prepareStatement(ASSIGN)) {
      for (int from = 0; from < samples.size(); from += texts) {
        int to = Math.min(from + texts, samples.size());
        plan(batch, batch(from, texts), from / texts, to - from);
        assign.setObject(1, batch(from, texts));
        assign.setObject(2, job.documentId());
        assign.setInt(3, from);
        assign.setInt(4, to);
        assign.executeUpdate();
      }
    }
    database.run(SETTLE_BATCHES);
  }

  private void plan(PreparedStatement batch, UUID id, int number, int texts) throws SQLException {
    batch.setObject(1, id);
    batch.setObject(2, job.userId());
    batch.setObject(3, job.jobId());
    batch.setObject(4, job.documentId());
    batch.setInt(5, number);
    batch.setInt(6, texts);
    batch.setInt(7, texts * 100);
    batch.executeUpdate();
  }
}
