package dev.sluice.growth;

import dev.sluice.bench.BenchDatabase;
import dev.sluice.document.JobRef;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Rows that other stages would have written. */
record JobRows(BenchDatabase database, UUID userId) {
  /** How many chunks each of the documents has that fill the buffer. */
  static final int CHUNKS_A_DOCUMENT = 1_000;

  private static final List<String> NEW =
      List.of(
          """
          insert into parsed_objects (user_id, parsed_sha256, path, bytes)
          select u, repeat('0', 64), 'storage://bench', 10
          from (select ?::uuid as u, ?::uuid as d, ?::uuid as j) x
          on conflict do nothing
          """,
          """
          insert into documents
            (user_id, document_id, filename, mime_type, next_generation, current_generation)
          select u, d, 'bench.md', 'text/markdown', 2, 1
          from (select ?::uuid as u, ?::uuid as d, ?::uuid as j) x
          """,
          """
          insert into upload_jobs
            (job_id, user_id, document_id, generation, status, received_at, raw_path, raw_sha256,
             raw_bytes, parsed_path, parsed_sha256, webhook_secret, correlation_id)
          select j, u, d, 1, 'parse_validated', clock_timestamp(),
                 'storage://' || u || '/raw/' || d || '.md?generation=1', repeat('0', 64), 10,
                 'storage://' || u || '/parsed/' || d || '.md?generation=1', repeat('0', 64),
                 '{"kid": "k1", "salt": "s"}', 'bench'
          from (select ?::uuid as u, ?::uuid as d, ?::uuid as j) x
          """);

  private static final List<String> EMBEDDED =
      List.of(
          """
          insert into document_vector_buffer
            (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
             vector, vector_sha, batch_id)
          select chunk_id, generation, user_id, document_id, embed_sha, 'text-embedding-3-small', '1',
                 array_fill(0.01::real, array[1536])::vector, repeat('0', 64), batch_id
          from document_chunk_buffer
          where document_id = ?
          """,
          """
          update embedding_batches
          set state = 'done', done_at = clock_timestamp(), lease_token = null, leased_until = null
          where document_id = ?
          """);

  private static final List<String> FILL =
      List.of(
          """
          insert into documents
            (user_id, document_id, filename, mime_type, next_generation, current_generation)
          select u, md5('document ' || i)::uuid, 'filled.md', 'text/markdown', 2, 1
          from (select ?::uuid as u, ?::integer as f, ?::integer as t, ?::integer as n) x
          cross join lateral generate_series(f, t - 1) as i
          """,
          """
          insert into upload_jobs
            (job_id, user_id, document_id, generation, status, received_at, raw_path, raw_sha256,
             raw_bytes, parsed_path, parsed_sha256, chunks_version, progress, webhook_secret,
             correlation_id)
          select md5('job ' || i)::uuid, u, md5('document ' || i)::uuid, 1, 'embedding_in_progress',
                 clock_timestamp(), 'storage://bench', repeat('0', 64), 10, 'storage://bench',
                 repeat('0', 64), 'markdown-simple@1', jsonb_build_object('chunks_total', n),
                 '{"kid": "k1", "salt": "s"}', 'bench'
          from (select ?::uuid as u, ?::integer as f, ?::integer as t, ?::integer as n) x
          cross join lateral generate_series(f, t - 1) as i
          """,
          """
          insert into embedding_batches
            (batch_id, user_id, job_id, document_id, generation, batch_no, texts, tokens)
          select md5('batch ' || i || ' ' || b)::uuid, u, md5('job ' || i)::uuid,
                 md5('document ' || i)::uuid, 1, b, 256, 100000
          from (select ?::uuid as u, ?::integer as f, ?::integer as t, ?::integer as n) x
          cross join lateral generate_series(f, t - 1) as i
          cross join lateral generate_series(0, (n - 1) / 256) as b
          """,
          """
          insert into document_chunk_buffer
            (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
             chunk_sha, embed_sha, text, tokens, batch_id, meta)
          select md5('chunk ' || i || ' ' || c)::uuid, 1, u, md5('document ' || i)::uuid,
                 'markdown-simple', '1', c, sha, sha, repeat(sha || ' ', 20), 400,
                 md5('batch ' || i || ' ' || c / 256)::uuid, jsonb_build_object('page', c / 3)
          from (select ?::uuid as u, ?::integer as f, ?::integer as t, ?::integer as n) x
          cross join lateral generate_series(f, t - 1) as i
          cross join lateral generate_series(0, n - 1) as c
          cross join lateral encode(sha256(convert_to(i || ' ' || c, 'UTF8')), 'hex') as sha
          """);

  private static final List<String> FORGET = List.of("truncate documents, parsed_objects cascade");

  private static final List<String> SETTLE =
      List.of("vacuum analyze document_chunk_buffer", "analyze", "checkpoint");

  /** A document whose text is stored and checked. */
  JobRef add() throws SQLException {
    JobRef job = JobRef.of(userId, UUID.randomUUID(), 1);
    database.run(NEW, job.userId(), job.documentId(), job.jobId());
    return job;
  }

  /** Gives every chunk of a document its vector. */
  void embed(JobRef job) throws SQLException {
    database.run(EMBEDDED, job.documentId());
  }

  /** Leaves nothing of any document. */
  void forget() throws SQLException {
    database.run(FORGET);
  }

  /**
   * Fills the buffer with documents, all of one tenant.
   *
   * @param from how many of them are there
   * @param to how many there shall be
   */
  void fill(int from, int to) throws SQLException {
    // With it comes the text that all their rows refer to.
    var unused = add();
    database.run(FILL, userId, from, to, CHUNKS_A_DOCUMENT);
    database.run(SETTLE);
  }
}
