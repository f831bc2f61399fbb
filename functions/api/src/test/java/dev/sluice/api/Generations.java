package dev.sluice.api;

import dev.sluice.document.JobRef;
import dev.sluice.fixture.Seed;
import dev.sluice.fixture.TestDatabase;

/** Puts complete generations of a document into the database, as finalize would have. */
record Generations(TestDatabase database, Seed seed) {
  private static final String PROMOTE =
      """
      insert into document_chunks
        (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
         chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha)
      select gen_random_uuid(), g, ?, ?, 'markdown-simple', '1', n, repeat('a', 64),
             repeat('b', 64), 'text-embedding-3-small', '1', 'generation ' || g,
             array_fill((g + n)::real, array[1536])::vector, repeat('c', 64)
      from (select ?::integer as g) as generation
      cross join generate_series(?, ? - 1) n
      """;

  /** As finalize's last statement: never back, and the sweep is told. */
  private static final String ACTIVATE =
      """
      update documents
      set active_generation = greatest(coalesce(active_generation, 0), ?),
          generations_due_at = case when active_generation is not null then clock_timestamp() end
      where document_id = ? and current_generation = ? and deleted_at is null
      """;

  /** The document's next generation, complete and read by search. */
  JobRef complete(JobRef job, int chunks) {
    seed.job(job, "complete", chunks);
    promote(job, 0, chunks);
    activate(job);
    return job;
  }

  /** Chunks from one ordinal to before another, which search does not see yet. */
  void promote(JobRef job, int from, int before) {
    database.ask(PROMOTE, job.userId(), job.documentId(), job.generation(), from, before);
  }

  void activate(JobRef job) {
    database.ask(ACTIVATE, job.generation(), job.documentId(), job.generation());
  }
}
