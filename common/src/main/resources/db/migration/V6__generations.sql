-- Vectors that are never bought twice.

-- chunks_reused, tokens_reused: what another batch had bought by the time that this one's turn came.
-- buying: hashes of the texts that the holder of the lease pays for now; who has the same text waits for it.
alter table embedding_batches
    add column chunks_reused integer not null default 0,
    add column tokens_reused integer not null default 0,
    add column buying        bigint[],
    add constraint embedding_batches_reuse check (chunks_reused >= 0 and tokens_reused between 0 and tokens);

grant select on document_chunks to sluice_embed;

------------------------------------------------------------------------------------------------------------------
-- Generations that can be put back.

-- purged_at, of a complete job: its generation is no longer kept.
-- rolled_back_at: search was led from here to an older generation; it is not what a later one is led back to.
alter table upload_jobs
    add column rolled_back_at timestamptz,
    add constraint upload_jobs_only_complete_is_rolled_back check (rolled_back_at is null or status = 'complete');

-- generations_due_at: another generation has become the active one; the sweep looks which older ones are to go.
alter table documents
    add column generations_due_at timestamptz,
    add constraint documents_active_is_not_deleted check (active_generation > coalesce(deleted_generation, 0));
create index documents_generations_due on documents (generations_due_at) where generations_due_at is not null;
update documents set generations_due_at = clock_timestamp() where active_generation > 1;

grant update (generations_due_at) on documents to sluice_finalize, sluice_sweep;
