package dev.sluice.postgres;

/** Vectors that a tenant has bought before, for chunks with the same bytes to embed. */
public final class BoughtVectors {
  /**
   * Gives chunks {@code c} their known vector: from earlier generations, promoted or not, and from
   * other documents. Of several vectors of one text any will do: there may be thousands. A promoted
   * chunk whose text was refused has none. Who uses it adds which chunks, in the order of their
   * ordinals, and {@code on conflict on constraint document_vector_buffer_once do nothing}: what is
   * taken over once stays. Its parameters are the model's name and version.
   */
  public static final String TAKE_OVER =
      """
      insert into document_vector_buffer
        (chunk_id, generation, user_id, document_id, embed_sha, embed_model, embed_version,
         vector, vector_sha)
      select c.chunk_id, c.generation, c.user_id, c.document_id, c.embed_sha, m.name, m.version,
             known.vector, known.vector_sha
      from document_chunk_buffer c
      cross join (select ?::text as name, ?::text as version) m
      cross join lateral (
        select p.vector, p.vector_sha
        from document_chunks p
        where p.user_id = c.user_id and p.embed_model = m.name and p.embed_version = m.version
          and p.embed_sha = c.embed_sha and p.vector is not null
        union all
        select v.vector, v.vector_sha
        from document_vector_buffer v
        where v.user_id = c.user_id and v.embed_model = m.name and v.embed_version = m.version
          and v.embed_sha = c.embed_sha
        limit 1) known
      """;

  private BoughtVectors() {}
}
