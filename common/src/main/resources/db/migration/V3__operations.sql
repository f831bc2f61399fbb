-- What operators do, and what is left to tidy after it: cancelled jobs, deleted documents, buffers that nobody
-- needs any more, objects that are to go.

-- A deletion allots itself a generation and makes it the current one: every older one is fenced off for good, and
-- its jobs are no longer shown. The same bytes may come back as the generation after it.
alter table documents
    add column deleted_generation integer,
    add constraint documents_deletion_was_allotted check (deleted_generation between 1 and current_generation);

-- purged_at: the job has given up its text and its objects, because it was cancelled or its document deleted.
-- buffers_counted_at: its buffers are no longer needed; what they showed stands in `progress` from then on.
-- buffers_purged_at: they are gone.
-- checked_at, incomplete_since: whether a complete job still has the chunks that it announced.
alter table upload_jobs
    add column purged_at          timestamptz,
    add column buffers_counted_at timestamptz,
    add column buffers_purged_at  timestamptz,
    add column checked_at         timestamptz,
    add column incomplete_since   timestamptz,
    drop constraint upload_jobs_has_text,
    drop constraint upload_jobs_text_is_known,
    add constraint upload_jobs_has_text check (
        status in ('uploaded', 'parse_queued', 'failed_parse', 'cancelled') or parsed_path is not null
        or purged_at is not null),
    add constraint upload_jobs_text_is_known check (
        status in ('uploaded', 'parse_queued', 'parsed', 'failed_parse', 'cancelled') or parsed_sha256 is not null
        or purged_at is not null),
    add constraint upload_jobs_purged_is_without_text check (
        purged_at is null or (parsed_path is null and parsed_sha256 is null)),
    add constraint upload_jobs_only_what_ended_is_purged check (
        (purged_at is null and buffers_counted_at is null)
        or status in ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding')),
    add constraint upload_jobs_buffers_are_counted_first check (
        buffers_purged_at is null or buffers_counted_at is not null),
    add constraint upload_jobs_only_complete_can_be_incomplete check (
        incomplete_since is null or (status = 'complete' and checked_at is not null));
create index upload_jobs_buffers_to_purge on upload_jobs (buffers_counted_at)
    where buffers_counted_at is not null and buffers_purged_at is null;
create index upload_jobs_buffers_to_count on upload_jobs (status, status_changed_at)
    where buffers_counted_at is null
      and status in ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding');
create index upload_jobs_text_to_give_up on upload_jobs (job_id) where status = 'cancelled' and purged_at is null;
create index upload_jobs_to_check on upload_jobs (checked_at nulls first) where status = 'complete';
create index upload_jobs_incomplete on upload_jobs (incomplete_since) where incomplete_since is not null;
create index upload_jobs_failed on upload_jobs (status_changed_at)
    where status in ('failed_parse', 'failed_chunking', 'failed_embedding');

-- Batches are deleted when a job's buffers are. This key would have each deletion read the whole vector buffer, or
-- each vector pay for an index that nothing else reads; a vector comes under its batch's lease in any case.
alter table document_vector_buffer drop constraint document_vector_buffer_batch_id_fkey;

create index parsed_objects_by_path on parsed_objects (path);

-- Objects that are to go: at once, and again when no URL signed before and no slow call can bring them back.
create table object_deletions (
    object_key text primary key,
    user_id    uuid        not null,
    due_at     timestamptz not null default clock_timestamp(),
    again_at   timestamptz,
    attempts   integer     not null default 0,
    created_at timestamptz not null default clock_timestamp(),
    constraint object_deletions_key check (
        object_key like 'raw/' || user_id || '/%' or object_key like 'parsed/' || user_id || '/%'),
    constraint object_deletions_attempts check (attempts >= 0)
);
create index object_deletions_due on object_deletions (due_at);

alter table object_deletions enable row level security;
alter table object_deletions force row level security;
create policy tenant on object_deletions using (user_id = app_user_id());
create policy sweep on object_deletions to sluice_sweep using (true);

-- A failure's sentence may quote the document, and the audit trail outlives that: events keep code and stage.
-- The sweep's own look at a job is no change that its user should see.
create or replace function record_job_event() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into job_events (user_id, job_id, document_id, generation, kind, to_status, correlation_id)
        values (new.user_id, new.job_id, new.document_id, new.generation, 'created', new.status, new.correlation_id);
        return new;
    end if;
    if (new.checked_at, new.incomplete_since, new.buffers_counted_at, new.buffers_purged_at, new.purged_at)
        is not distinct from
        (old.checked_at, old.incomplete_since, old.buffers_counted_at, old.buffers_purged_at, old.purged_at)
        or new.status <> old.status then
        new.updated_at := clock_timestamp();
    end if;
    if new.status <> old.status then
        new.status_changed_at := clock_timestamp();
        new.outage_since := null;
        new.resent_at := null;
        insert into job_events (user_id, job_id, document_id, generation, kind, from_status, to_status, detail,
                                correlation_id)
        values (new.user_id, new.job_id, new.document_id, new.generation, 'transition', old.status, new.status,
                case when new.status like 'failed%' then coalesce(new.last_error, '{}') - 'message' else '{}' end,
                new.correlation_id);
    end if;
    return new;
end $$;
update job_events set detail = detail - 'message' where detail ? 'message';

------------------------------------------------------------------------------------------------------------------
-- Who may do it

grant update (lease_token, leased_until) on embedding_batches to sluice_api;
grant select, delete on parsed_objects to sluice_api, sluice_sweep;
-- To lock a text before it is decided whether anyone still needs it; the column is harmless.
grant update (created_at) on parsed_objects to sluice_api, sluice_sweep;
grant select, insert, update on object_deletions to sluice_api, sluice_sweep;
grant delete on object_deletions to sluice_sweep;

grant delete on document_vector_buffer, document_chunk_buffer, embedding_batches, document_chunks, webhook_log
    to sluice_sweep;
grant insert on document_chunks to sluice_sweep;
