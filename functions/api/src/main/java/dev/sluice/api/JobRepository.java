package dev.sluice.api;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Jobs to be shown; the transaction's tenant sees its own. Progress is counted, not kept. */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface JobRepository extends GenericRepository<JobView, UUID> {
  String JOB =
      """
      select j.job_id, j.document_id, j.generation, d.filename, j.status,
             case when j.status like 'failed%' then j.last_error ->> 'code' end as error_code,
             case when j.status like 'failed%' then j.last_error ->> 'message' end as error_message,
             case when j.status like 'failed%' then j.last_error ->> 'stage' end as error_stage,
             j.wait_reason, j.wait_until, j.correlation_id,
             cast(j.progress ->> 'pages' as integer) as pages,
             cast(j.progress ->> 'chunks_total' as integer) as chunks_total,
             cast(j.progress ->> 'chunks_reused' as integer) as chunks_reused,
             (select count(*) from document_chunk_buffer c
              where c.document_id = j.document_id and c.generation = j.generation) as chunks_done,
             b.batches_total, b.batches_done,
             (select count(*) from document_vector_buffer v
              where v.document_id = j.document_id and v.generation = j.generation) as embeds_done,
             p.tokens, p.cost_nanousd,
             j.received_at, e.parsed_at, e.validated_at, e.chunked_at, e.embedded_at,
             e.completed_at, j.created_at, j.updated_at
      from upload_jobs j
      join documents d on d.document_id = j.document_id and d.deleted_at is null
      cross join lateral (
        select count(*) as batches_total, count(*) filter (where state <> 'planned') as batches_done
        from embedding_batches where job_id = j.job_id) b
      cross join lateral (
        select coalesce(sum(tokens), 0) as tokens, coalesce(sum(cost_nanousd), 0) as cost_nanousd
        from provider_calls where job_id = j.job_id) p
      cross join lateral (
        select max(at) filter (where to_status = 'parsed') as parsed_at,
               max(at) filter (where to_status = 'parse_validated') as validated_at,
               max(at) filter (where to_status = 'chunks_stored') as chunked_at,
               max(at) filter (where to_status = 'embeddings_stored') as embedded_at,
               max(at) filter (where to_status = 'complete') as completed_at
        from job_events where job_id = j.job_id) e
      """;

  @Query(
      JOB
          + """
          where j.document_id = :documentId
          order by j.generation desc
          limit 1
          """)
  Optional<JobView> latest(UUID documentId);

  @Query(
      JOB
          + """
          where j.user_id = app_user_id()
          order by j.created_at desc, j.job_id
          limit :limit
          """)
  List<JobView> newest(int limit);
}
