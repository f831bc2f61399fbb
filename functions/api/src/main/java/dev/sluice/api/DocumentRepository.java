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
      select d.document_id, d.filename, d.mime_type, d.current_generation, d.active_generation,
             (select max(j.generation)
              from upload_jobs j
              where j.document_id = d.document_id and j.generation < d.active_generation
                and j.status = 'complete' and j.purged_at is null and j.rolled_back_at is null)
               as previous_generation,
             d.created_at
      from documents d
      where d.document_id = :documentId and d.deleted_at is null
      """)
  Optional<DocumentView> find(UUID documentId);
}
