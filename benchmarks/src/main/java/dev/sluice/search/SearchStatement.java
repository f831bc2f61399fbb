package dev.sluice.search;

import java.util.List;

/** What a {@link Finder} asks: the vector, the model, and its version are the parameters. */
final class SearchStatement {
  static final String TENANT = "TENANT";

  /** The statement of the API, for a document, or for none. The tenants have a document each. */
  static final String CHUNKS = "select chunk_id from search_chunks(?, ?, ?, %s, 10)";

  /** The planner would rather scan a small tenant; what is measured is the index. */
  static final List<String> BY_INDEX =
      List.of("set enable_sort = off", "set jit = off", "set hnsw.ef_search = 100");

  /** As search_by_index asks, without a moment before which passages are in the index. */
  static final String FILTERED =
      """
      with indexed as materialized (
        select c.chunk_id, c.vector <=> q.v as distance
        from (select ?::vector as v, ?::text as m, ?::text as n) q
        cross join lateral (
          select c.chunk_id, c.vector
          from document_chunks c
          where c.user_id = 'TENANT' and c.vector is not null and c.embed_model = q.m
            and c.embed_version = q.n
            and c.generation = (select d.active_generation from documents d
                                where d.document_id = c.document_id and d.deleted_at is null)
          order by c.vector::halfvec(1536) <=> q.v::halfvec(1536)
          limit 40) c)
      select chunk_id from indexed order by distance, chunk_id limit 10
      """;

  private SearchStatement() {}
}
