package dev.sluice.api;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What search finds among the transaction's tenant's documents. */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface PassageRepository extends GenericRepository<PassageView, UUID> {
  /**
   * The nearest passages.
   *
   * @param vector as pgvector writes it: {@code [1,2,…]}
   * @param documentId null for all
   */
  @Query(
      """
      select chunk_id, document_id, filename, cast(meta ->> 'page' as integer) as page,
             meta ->> 'section' as section, cast(meta -> 'heading_path' as text) as heading_path,
             score, text
      from search_chunks(cast(:vector as vector), :model, :version, cast(:documentId as uuid), :limit)
      """)
  List<PassageView> nearest(
      String vector, String model, String version, @Nullable UUID documentId, int limit);

  /**
   * The passages with the most of the words.
   *
   * @param documentId null for all
   */
  @Query(
      """
      select chunk_id, document_id, filename, cast(meta ->> 'page' as integer) as page,
             meta ->> 'section' as section, cast(meta -> 'heading_path' as text) as heading_path,
             score, text
      from search_words(:words, cast(:documentId as uuid), :limit)
      """)
  List<PassageView> withWords(String words, @Nullable UUID documentId, int limit);
}
