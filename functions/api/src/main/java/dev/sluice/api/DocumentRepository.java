package dev.sluice.api;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.util.Optional;
import java.util.UUID;

/** Documents to be shown; the transaction's tenant sees its own. */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface DocumentRepository extends GenericRepository<DocumentView, UUID> {
  @Query(
      """
      select document_id, filename, mime_type, current_generation, active_generation, created_at
      from documents
      where document_id = :documentId and deleted_at is null
      """)
  Optional<DocumentView> find(UUID documentId);
}
