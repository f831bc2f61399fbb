-- The pipeline's tables. Every row belongs to a tenant (user_id); times are timestamptz; money is in nano-dollars.
-- Invariants that SQL can state stand here as constraints, and a test violates each one.

create extension if not exists vector;

-- The tenant of the running transaction. A connection that was used before gives '' and not NULL.
create function app_user_id() returns uuid
    language sql stable
    return nullif(current_setting('app.user_id', true), '')::uuid;

------------------------------------------------------------------------------------------------------------------
-- Documents and their jobs

create table documents (
    document_id        uuid primary key,
    user_id            uuid        not null,
    filename           text        not null,
    mime_type          text        not null,
    next_generation    integer     not null default 1,
    current_generation integer     not null default 0,
    active_generation  integer,
    deleted_at         timestamptz,
    created_at         timestamptz not null default clock_timestamp(),
    updated_at         timestamptz not null default clock_timestamp(),
    constraint documents_tenant unique (document_id, user_id),
    constraint documents_filename_length check (char_length(filename) between 1 and 255),
    constraint documents_generation_allotted check (current_generation >= 0 and current_generation < next_generation),
    constraint documents_active_has_arrived check (active_generation between 1 and current_generation)
);
create index documents_by_user on documents (user_id, created_at desc);

-- Every legal move of a job, the same set as dev.sluice.document.Transitions; a test compares the two.
create table legal_transitions (
    from_status text not null,
    to_status   text not null,
    primary key (from_status, to_status)
);
insert into legal_transitions (from_status, to_status) values
    ('uploaded', 'parse_queued'), ('uploaded', 'parsed'), ('uploaded', 'failed_parse'), ('uploaded', 'cancelled'),
    ('parse_queued', 'parsed'), ('parse_queued', 'failed_parse'), ('parse_queued', 'cancelled'),
    ('parsed', 'parse_validated'), ('parsed', 'failed_parse'), ('parsed', 'cancelled'),
    ('parse_validated', 'chunking'), ('parse_validated', 'failed_chunking'), ('parse_validated', 'cancelled'),
    ('chunking', 'chunks_stored'), ('chunking', 'failed_chunking'), ('chunking', 'cancelled'),
    ('chunks_stored', 'embedding_queued'), ('chunks_stored', 'embedding_in_progress'),
    ('chunks_stored', 'embeddings_stored'), ('chunks_stored', 'failed_embedding'), ('chunks_stored', 'cancelled'),
    ('embedding_queued', 'embedding_in_progress'), ('embedding_queued', 'failed_embedding'),
    ('embedding_queued', 'cancelled'),
    ('embedding_in_progress', 'embeddings_stored'), ('embedding_in_progress', 'failed_embedding'),
    ('embedding_in_progress', 'cancelled'),
    ('embeddings_stored', 'complete'), ('embeddings_stored', 'failed_embedding'), ('embeddings_stored', 'cancelled'),
    ('failed_parse', 'uploaded'), ('failed_parse', 'parsed'),
    ('failed_chunking', 'parse_validated'),
    ('failed_embedding', 'chunks_stored'), ('failed_embedding', 'embeddings_stored');

-- The canonical text of a tenant, once however many documents say the same.
create table parsed_objects (
    user_id       uuid        not null,
    parsed_sha256 text        not null,
    path          text        not null,
    bytes         bigint      not null,
    created_at    timestamptz not null default clock_timestamp(),
    primary key (user_id, parsed_sha256),
    constraint parsed_objects_sha check (parsed_sha256 ~ '^[0-9a-f]{64}$'),
    constraint parsed_objects_not_empty check (bytes > 0)
);

create table upload_jobs (
    job_id            uuid primary key,
    user_id           uuid        not null,
    document_id       uuid        not null,
    generation        integer     not null,
    status            text        not null default 'uploaded',
    received_at       timestamptz,
    raw_path          text        not null,
    raw_sha256        text        not null,
    raw_bytes         bigint      not null,
    parsed_path       text,
    parsed_sha256     text,
    parser_name       text,
    parser_version    text,
    parse_job_id      text,
    chunks_version    text,
    embed_model       text,
    embed_version     text,
    progress          jsonb       not null default '{}',
    retry_count       integer     not null default 0,
    attempts          integer     not null default 0,
    last_error        jsonb,
    failed_message_id text,
    webhook_secret    jsonb       not null,
    correlation_id    text        not null,
    lease_token       uuid,
    leased_until      timestamptz,
    wait_until        timestamptz,
    wait_reason       text,
    emit_due_at       timestamptz,
    status_changed_at timestamptz not null default clock_timestamp(),
    created_at        timestamptz not null default clock_timestamp(),
    updated_at        timestamptz not null default clock_timestamp(),
    constraint upload_jobs_document foreign key (document_id, user_id) references documents (document_id, user_id),
    constraint upload_jobs_generation unique (document_id, generation),
    constraint upload_jobs_tenant unique (job_id, user_id),
    constraint upload_jobs_text foreign key (user_id, parsed_sha256)
        references parsed_objects (user_id, parsed_sha256),
    constraint upload_jobs_status check (status in (
        'uploaded', 'parse_queued', 'parsed', 'parse_validated', 'chunking', 'chunks_stored', 'embedding_queued',
        'embedding_in_progress', 'embeddings_stored', 'complete', 'failed_parse', 'failed_chunking',
        'failed_embedding', 'cancelled')),
    constraint upload_jobs_generation_positive check (generation >= 1),
    constraint upload_jobs_raw_sha check (raw_sha256 ~ '^[0-9a-f]{64}$'),
    constraint upload_jobs_raw_bytes check (raw_bytes >= 0),
    constraint upload_jobs_counters check (retry_count >= 0 and attempts >= 0),
    constraint upload_jobs_lease_whole check ((lease_token is null) = (leased_until is null)),
    constraint upload_jobs_wait_whole check ((wait_reason is null) = (wait_until is null)),
    constraint upload_jobs_secret_is_not_here check (webhook_secret ?& array['kid', 'salt']),
    constraint upload_jobs_bytes_arrived check (
        status in ('uploaded', 'failed_parse', 'cancelled') or received_at is not null),
    constraint upload_jobs_has_text check (
        status in ('uploaded', 'parse_queued', 'failed_parse', 'cancelled') or parsed_path is not null),
    constraint upload_jobs_text_is_known check (
        status in ('uploaded', 'parse_queued', 'parsed', 'failed_parse', 'cancelled') or parsed_sha256 is not null),
    constraint upload_jobs_chunks_are_counted check (
        status in ('uploaded', 'parse_queued', 'parsed', 'parse_validated', 'chunking', 'failed_parse',
                   'failed_chunking', 'cancelled')
        or (chunks_version is not null and progress ? 'chunks_total')),
    constraint upload_jobs_failure_has_a_reason check (
        status not in ('failed_parse', 'failed_chunking', 'failed_embedding')
        or coalesce(last_error ?& array['code', 'message', 'stage'], false))
);
create index upload_jobs_by_age on upload_jobs (status, status_changed_at)
    where status not in ('complete', 'cancelled', 'failed_parse', 'failed_chunking', 'failed_embedding');
create index upload_jobs_by_user on upload_jobs (user_id, created_at desc);
create index upload_jobs_same_bytes on upload_jobs (user_id, raw_sha256) where parsed_path is not null;
create index upload_jobs_same_text on upload_jobs (user_id, parsed_sha256) where parsed_sha256 is not null;
create index upload_jobs_emit_due on upload_jobs (emit_due_at) where emit_due_at is not null;
create index upload_jobs_leases on upload_jobs (leased_until) where leased_until is not null;
create index upload_jobs_waits on upload_jobs (wait_until) where wait_until is not null;
create index upload_jobs_uploads_due on upload_jobs (created_at) where status = 'uploaded' and received_at is null;

-- Append only: each transition and each operator's act.
create table job_events (
    event_id       bigint generated always as identity primary key,
    user_id        uuid        not null,
    job_id         uuid        not null,
    document_id    uuid        not null,
    generation     integer     not null,
    kind           text        not null,
    from_status    text,
    to_status      text,
    detail         jsonb       not null default '{}',
    correlation_id text        not null,
    at             timestamptz not null default clock_timestamp(),
    constraint job_events_job foreign key (job_id, user_id) references upload_jobs (job_id, user_id) on delete cascade,
    constraint job_events_kind check (kind in ('created', 'transition', 'refused', 'operator')),
    constraint job_events_transition_is_legal foreign key (from_status, to_status)
        references legal_transitions (from_status, to_status),
    constraint job_events_transition_names_both check (
        kind <> 'transition' or (from_status is not null and to_status is not null))
);
create index job_events_by_job on job_events (job_id, event_id);

-- The event is written by the same statement that moves the job, whoever runs it; an illegal move fails on it.
create function record_job_event() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into job_events (user_id, job_id, document_id, generation, kind, to_status, correlation_id)
        values (new.user_id, new.job_id, new.document_id, new.generation, 'created', new.status, new.correlation_id);
        return new;
    end if;
    new.updated_at := clock_timestamp();
    if new.status <> old.status then
        new.status_changed_at := clock_timestamp();
        insert into job_events (user_id, job_id, document_id, generation, kind, from_status, to_status, detail,
                                correlation_id)
        values (new.user_id, new.job_id, new.document_id, new.generation, 'transition', old.status, new.status,
                case when new.status like 'failed%' then coalesce(new.last_error, '{}') else '{}' end,
                new.correlation_id);
    end if;
    return new;
end $$;
create trigger upload_jobs_moved before update on upload_jobs for each row execute function record_job_event();
create trigger upload_jobs_created after insert on upload_jobs for each row execute function record_job_event();

------------------------------------------------------------------------------------------------------------------
-- Buffers between the stages

create table document_chunk_buffer (
    chunk_id        uuid    not null,
    generation      integer not null,
    user_id         uuid    not null,
    document_id     uuid    not null,
    chunker_name    text    not null,
    chunker_version text    not null,
    chunk_ord       integer not null,
    chunk_sha       text    not null,
    embed_sha       text    not null,
    heading_prefix  text    not null default '',
    text            text    not null,
    tokens          integer not null,
    batch_id        uuid,
    meta            jsonb   not null default '{}',
    primary key (chunk_id, generation),
    constraint document_chunk_buffer_order
        unique (document_id, generation, chunker_name, chunker_version, chunk_ord),
    constraint document_chunk_buffer_embedded_text unique (chunk_id, generation, embed_sha),
    constraint document_chunk_buffer_job foreign key (document_id, generation)
        references upload_jobs (document_id, generation),
    constraint document_chunk_buffer_ord check (chunk_ord >= 0),
    constraint document_chunk_buffer_sha check (chunk_sha ~ '^[0-9a-f]{64}$' and embed_sha ~ '^[0-9a-f]{64}$'),
    constraint document_chunk_buffer_not_empty check (text <> ''),
    constraint document_chunk_buffer_fits_the_model check (tokens between 1 and 8192)
);
create index document_chunk_buffer_by_batch on document_chunk_buffer (batch_id) where batch_id is not null;

create table embedding_batches (
    batch_id     uuid primary key,
    user_id      uuid        not null,
    job_id       uuid        not null,
    document_id  uuid        not null,
    generation   integer     not null,
    batch_no     integer     not null,
    state        text        not null default 'planned',
    texts        integer     not null,
    tokens       integer     not null,
    lease_token  uuid,
    leased_until timestamptz,
    attempts     integer     not null default 0,
    wait_until   timestamptz,
    cost_nanousd bigint      not null default 0,
    created_at   timestamptz not null default clock_timestamp(),
    done_at      timestamptz,
    constraint embedding_batches_number unique (job_id, batch_no),
    constraint embedding_batches_job foreign key (job_id, user_id) references upload_jobs (job_id, user_id),
    constraint embedding_batches_state check (state in ('planned', 'done', 'split')),
    constraint embedding_batches_done_when check ((state = 'planned') = (done_at is null)),
    constraint embedding_batches_lease_whole check ((lease_token is null) = (leased_until is null)),
    constraint embedding_batches_bounds check (
        batch_no >= 0 and texts between 1 and 2048 and tokens between 1 and 300000 and attempts >= 0
        and cost_nanousd >= 0)
);
create index embedding_batches_open on embedding_batches (job_id) where state = 'planned';
create index embedding_batches_leases on embedding_batches (leased_until) where leased_until is not null;
create index embedding_batches_waits on embedding_batches (wait_until) where wait_until is not null;

alter table document_chunk_buffer
    add constraint document_chunk_buffer_batch foreign key (batch_id) references embedding_batches (batch_id);

create table document_vector_buffer (
    chunk_id      uuid        not null,
    generation    integer     not null,
    user_id       uuid        not null,
    document_id   uuid        not null,
    embed_sha     text        not null,
    embed_model   text        not null,
    embed_version text        not null,
    vector        vector(1536) not null,
    vector_sha    text        not null,
    batch_id      uuid references embedding_batches (batch_id),
    created_at    timestamptz not null default clock_timestamp(),
    constraint document_vector_buffer_once unique (chunk_id, generation, embed_model, embed_version),
    -- What stops a vector from joining another text.
    constraint document_vector_buffer_same_text foreign key (chunk_id, generation, embed_sha)
        references document_chunk_buffer (chunk_id, generation, embed_sha) on delete cascade,
    constraint document_vector_buffer_sha check (vector_sha ~ '^[0-9a-f]{64}$')
);
create index document_vector_buffer_progress on document_vector_buffer (document_id, generation);
create index document_vector_buffer_reuse
    on document_vector_buffer (user_id, embed_model, embed_version, embed_sha);

-- What search reads: promoted rows. No approximate index yet: see docs/decisions.
create table document_chunks (
    chunk_id        uuid         not null,
    generation      integer      not null,
    user_id         uuid         not null,
    document_id     uuid         not null,
    chunker_name    text         not null,
    chunker_version text         not null,
    chunk_ord       integer      not null,
    chunk_sha       text         not null,
    embed_sha       text         not null,
    embed_model     text         not null,
    embed_version   text         not null,
    text            text         not null,
    meta            jsonb        not null default '{}',
    vector          vector(1536) not null,
    vector_sha      text         not null,
    promoted_at     timestamptz  not null default clock_timestamp(),
    primary key (chunk_id, generation),
    constraint document_chunks_document foreign key (document_id, user_id)
        references documents (document_id, user_id),
    constraint document_chunks_order unique (document_id, generation, chunker_name, chunker_version, chunk_ord)
);
create index document_chunks_by_user on document_chunks (user_id, document_id, generation);
create index document_chunks_reuse on document_chunks (user_id, embed_model, embed_version, embed_sha);

------------------------------------------------------------------------------------------------------------------
-- The outside: callbacks, paid calls, limits, money

create table webhook_log (
    job_id      uuid        not null,
    nonce       text        not null,
    user_id     uuid        not null,
    event_type  text        not null,
    outcome     text        not null,
    source      text        not null,
    received_at timestamptz not null default clock_timestamp(),
    emitted_at  timestamptz,
    constraint webhook_log_once primary key (job_id, nonce),
    constraint webhook_log_job foreign key (job_id, user_id) references upload_jobs (job_id, user_id)
        on delete cascade,
    constraint webhook_log_nonce_length check (char_length(nonce) between 1 and 200)
);
create index webhook_log_by_age on webhook_log (received_at);
create index webhook_log_unsent on webhook_log (received_at) where emitted_at is null;

-- The ledger: a paid call is written before it is made.
create table provider_calls (
    call_id      uuid primary key,
    user_id      uuid        not null,
    job_id       uuid,
    batch_id     uuid,
    provider     text        not null,
    operation    text        not null,
    model        text        not null,
    state        text        not null default 'started',
    outcome      text,
    tokens       bigint      not null default 0,
    pages        integer     not null default 0,
    cost_nanousd bigint      not null,
    request_id   text,
    started_at   timestamptz not null default clock_timestamp(),
    settled_at   timestamptz,
    constraint provider_calls_job foreign key (job_id, user_id) references upload_jobs (job_id, user_id),
    constraint provider_calls_state check (state in ('started', 'settled', 'unknown')),
    constraint provider_calls_settled_when check ((state = 'started') = (settled_at is null)),
    constraint provider_calls_settled_how check (state = 'started' or outcome is not null),
    constraint provider_calls_amounts check (tokens >= 0 and pages >= 0 and cost_nanousd >= 0)
);
create index provider_calls_open on provider_calls (started_at) where state = 'started';
create index provider_calls_by_job on provider_calls (job_id) where job_id is not null;

create table rate_buckets (
    provider     text             not null,
    model        text             not null,
    requests     double precision not null,
    tokens       double precision not null,
    refilled_at  timestamptz      not null default clock_timestamp(),
    paused_until timestamptz,
    primary key (provider, model)
);

create table budgets (
    user_id          uuid    not null,
    scope            text    not null,
    scope_id         text    not null,
    limit_nanousd    bigint  not null,
    reserved_nanousd bigint  not null default 0,
    spent_nanousd    bigint  not null default 0,
    primary key (user_id, scope, scope_id),
    constraint budgets_scope check (scope in ('document', 'tenant', 'day')),
    constraint budgets_amounts check (limit_nanousd >= 0 and reserved_nanousd >= 0 and spent_nanousd >= 0)
);

------------------------------------------------------------------------------------------------------------------
-- A role a function, and the tenant's fence around every row

do $$
declare
    role_name text;
begin
    -- Roles belong to the whole server: two databases may be migrated at once.
    perform pg_advisory_xact_lock(hashtext('sluice roles'));
    foreach role_name in array array['sluice_api', 'sluice_webhook', 'sluice_parse', 'sluice_validate',
        'sluice_chunk', 'sluice_embed', 'sluice_finalize', 'sluice_sweep'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
        end if;
    end loop;
end $$;

do $$
declare
    table_name text;
begin
    foreach table_name in array array['documents', 'upload_jobs', 'parsed_objects', 'job_events',
        'document_chunk_buffer', 'embedding_batches', 'document_vector_buffer', 'document_chunks', 'webhook_log',
        'provider_calls', 'budgets'] loop
        execute format('alter table %I enable row level security', table_name);
        execute format('alter table %I force row level security', table_name);
        execute format('create policy tenant on %I using (user_id = app_user_id())', table_name);
        -- The sweep looks after all tenants.
        execute format('create policy sweep on %I to sluice_sweep using (true)', table_name);
    end loop;
end $$;
-- A callback names its job and nothing else; the signature, not the tenant, is what lets it in.
create policy callback on upload_jobs for select to sluice_webhook using (true);

grant select on legal_transitions to sluice_api, sluice_webhook, sluice_parse, sluice_validate, sluice_chunk,
    sluice_embed, sluice_finalize, sluice_sweep;
grant insert, select on job_events to sluice_api, sluice_webhook, sluice_parse, sluice_validate, sluice_chunk,
    sluice_embed, sluice_finalize, sluice_sweep;
-- `for share` needs the right to update some column; this one is harmless.
grant select, update (updated_at) on documents to sluice_api, sluice_parse, sluice_validate,
    sluice_chunk, sluice_embed, sluice_finalize, sluice_sweep;
grant select, update on upload_jobs to sluice_parse, sluice_validate, sluice_chunk, sluice_embed, sluice_finalize,
    sluice_sweep;

grant insert, update on documents to sluice_api;
grant select, insert on upload_jobs to sluice_api;
grant select on embedding_batches, document_chunk_buffer, document_vector_buffer, document_chunks, provider_calls
    to sluice_api;
grant insert, update on provider_calls to sluice_api;

grant select (job_id, user_id, document_id, generation, status, webhook_secret, parser_name, parse_job_id,
    retry_count, correlation_id) on upload_jobs to sluice_webhook;
grant select, insert, update on webhook_log to sluice_webhook;

grant update (current_generation, updated_at) on documents to sluice_parse;
grant select, insert, update on provider_calls to sluice_parse;

grant select, insert on parsed_objects to sluice_validate;

grant select, insert, update, delete on document_chunk_buffer to sluice_chunk;
grant select, insert on embedding_batches, document_vector_buffer to sluice_chunk;
grant select on document_chunks to sluice_chunk;

grant select on document_chunk_buffer to sluice_embed;
grant select, update on embedding_batches to sluice_embed;
grant select, insert, update on document_vector_buffer, provider_calls to sluice_embed;

grant update (active_generation, updated_at) on documents to sluice_finalize;
grant select on document_chunk_buffer, document_vector_buffer, embedding_batches to sluice_finalize;
grant select, insert on document_chunks to sluice_finalize;

grant select, update on embedding_batches, provider_calls, webhook_log to sluice_sweep;
grant select on document_chunk_buffer, document_vector_buffer, document_chunks to sluice_sweep;

grant select, update on rate_buckets to sluice_api, sluice_parse, sluice_embed, sluice_sweep;
grant insert on rate_buckets to sluice_api, sluice_parse, sluice_embed;
grant select, update on budgets to sluice_api, sluice_parse, sluice_embed, sluice_sweep;

------------------------------------------------------------------------------------------------------------------
-- Search

-- The best `p_limit` passages of the transaction's tenant by cosine similarity, active generations only.
-- Row-level security would keep full-text indexes from being used, so this runs as its owner and carries the
-- tenant's predicate itself; without a tenant it finds nothing.
create function search_chunks(p_query vector, p_embed_model text, p_embed_version text, p_document_id uuid,
                              p_limit integer)
    returns table (chunk_id uuid, document_id uuid, filename text, chunk_ord integer, text text, meta jsonb,
                   score double precision)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select c.chunk_id, c.document_id, d.filename, c.chunk_ord, c.text, c.meta, 1 - (c.vector <=> p_query) as score
        from document_chunks c
        join documents d on d.document_id = c.document_id and d.active_generation = c.generation
        where c.user_id = app_user_id()
          and d.user_id = app_user_id()
          and d.deleted_at is null
          and c.embed_model = p_embed_model
          and c.embed_version = p_embed_version
          and (p_document_id is null or c.document_id = p_document_id)
        order by c.vector <=> p_query, c.chunk_id
        limit p_limit
    $$;
revoke all on function search_chunks(vector, text, text, uuid, integer) from public;
grant execute on function search_chunks(vector, text, text, uuid, integer) to sluice_api;
