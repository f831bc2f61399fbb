-- What redelivery needs to know of a claim, of an outage and of what was promised to be sent.

alter table upload_jobs
    -- The message that was last claimed for: a function that dies says nothing more, and the message comes back.
    add column claimed_message_id text,
    -- Since when a provider has been away; the waits double from there.
    add column outage_since       timestamptz,
    -- When the sweep last sent for a job whose message seems lost; the intervals double from there.
    add column resent_at          timestamptz;

alter table embedding_batches
    add column claimed_message_id text,
    add column outage_since       timestamptz,
    add column resent_at          timestamptz,
    -- A message is promised for it; cleared when it is sent, or claimed.
    add column emit_due_at        timestamptz;
create index embedding_batches_emit_due on embedding_batches (emit_due_at) where emit_due_at is not null;

-- As before, and a move ends an outage and what was thought of a lost message.
create or replace function record_job_event() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into job_events (user_id, job_id, document_id, generation, kind, to_status, correlation_id)
        values (new.user_id, new.job_id, new.document_id, new.generation, 'created', new.status, new.correlation_id);
        return new;
    end if;
    new.updated_at := clock_timestamp();
    if new.status <> old.status then
        new.status_changed_at := clock_timestamp();
        new.outage_since := null;
        new.resent_at := null;
        insert into job_events (user_id, job_id, document_id, generation, kind, from_status, to_status, detail,
                                correlation_id)
        values (new.user_id, new.job_id, new.document_id, new.generation, 'transition', old.status, new.status,
                case when new.status like 'failed%' then coalesce(new.last_error, '{}') else '{}' end,
                new.correlation_id);
    end if;
    return new;
end $$;

-- A redriven message brings its job back, whichever stage it reaches; a call to the API does the same.
grant select on embedding_batches to sluice_parse, sluice_validate;
grant update (attempts, wait_until, outage_since, resent_at, emit_due_at) on embedding_batches
    to sluice_api, sluice_finalize;
grant update (emit_due_at) on embedding_batches to sluice_chunk;
grant update on upload_jobs to sluice_api;
