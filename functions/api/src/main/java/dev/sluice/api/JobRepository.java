package dev.sluice.api;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Jobs to be shown; the transaction's tenant sees its own. Progress is counted, not kept, until the
 * buffers are given up: what they showed then stands in the job's own row.
 */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface JobRepository extends GenericRepository<JobView, UUID> {
  String JOB =
      """
      select j.job_id, j.document_id, j.generation, d.filename, j.status,
             case when j.status like 'failed%' then j.last_error ->> 'code' end as error_code,
             case when j.status like 'failed%' then j.last_error ->> 'message' end as error_message,
             case when j.status like 'failed%' then j.last_error ->> 'stage' end as error_stage,
             case
               when j.wait_reason is not null then j.wait_reason
               when ended then null
               when j.status = 'uploaded' and j.received_at is null then 'upload'
               when j.leased_until > clock_timestamp() or b.leased then null
               when b.waits_until is not null then coalesce(b.waits_for, 'provider')
               else 'turn' end as wait_reason,
             case
               when j.wait_reason is not null then j.wait_until
               when ended then null
               when j.status = 'uploaded' and j.received_at is null
                 then j.created_at + interval '15 minutes'
               when j.leased_until > clock_timestamp() or b.leased then null
               else b.waits_until end as wait_until,
             j.correlation_id,
             cast(j.progress ->> 'pages' as integer) as pages,
             j.progress ->> 'pages_missing' as pages_missing,
             cast(j.progress ->> 'chunks_total' as integer) as chunks_total,
             cast(j.progress ->> 'chunks_reused' as integer)
               + case when counted then 0 else b.chunks_reused end as chunks_reused,
             coalesce(cast(j.progress ->> 'tokens_reused' as bigint), 0)
               + case when counted then 0 else b.tokens_reused end as tokens_reused,
             case when counted then cast(j.progress ->> 'chunks_done' as integer) else
               (select count(*) from document_chunk_buffer c
                where c.document_id = j.document_id and c.generation = j.generation)
               end as chunks_done,
             case when counted then cast(j.progress ->> 'batches_total' as integer)
               else b.batches_total end as batches_total,
             case when counted then cast(j.progress ->> 'batches_done' as integer)
               else b.batches_done end as batches_done,
             case when counted then cast(j.progress ->> 'embeds_done' as integer) else
               (select count(*) from document_vector_buffer v
                where v.document_id = j.document_id and v.generation = j.generation)
               end as embeds_done,
             case when counted then coalesce(cast(j.progress ->> 'unembeddable' as integer), 0) else
               (select count(*) from document_chunk_buffer c
                where c.document_id = j.document_id and c.generation = j.generation
                  and c.unembeddable is not null)
               end as unembeddable,
             p.tokens, p.cost_nanousd,
             j.received_at, e.parsed_at, e.validated_at, e.chunked_at, e.embedded_at,
             e.completed_at, j.created_at, j.updated_at
      from upload_jobs j
      join documents d
        on d.document_id = j.document_id and d.deleted_at is null
       and j.generation > coalesce(d.deleted_generation, 0)
      cross join lateral (
        select j.status in ('complete', 'cancelled', 'failed_parse', 'failed_chunking',
                            'failed_embedding') as ended,
               j.buffers_counted_at is not null as counted) s
      cross join lateral (
        select count(*) as batches_total, count(*) filter (where state <> 'planned') as batches_done,
               coalesce(sum(chunks_reused), 0) as chunks_reused,
               coalesce(sum(tokens_reused), 0) as tokens_reused,
               coalesce(bool_or(state = 'planned' and leased_until > clock_timestamp()), false)
                 as leased,
               min(wait_until) filter (
                 where state = 'planned' and wait_until > clock_timestamp()) as waits_until,
               min(wait_reason) filter (
                 where state = 'planned' and wait_until > clock_timestamp()) as waits_for
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
