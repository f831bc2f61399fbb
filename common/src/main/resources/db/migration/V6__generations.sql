-- Vectors that are never bought twice.

-- chunks_reused, tokens_reused: what another batch had bought by the time that this one's turn came.
-- buying: hashes of the texts that the holder of the lease pays for now; who has the same text waits for it.
alter table embedding_batches
    add column chunks_reused integer not null default 0,
    add column tokens_reused integer not null default 0,
    add column buying        bigint[],
    add constraint embedding_batches_reuse check (chunks_reused >= 0 and tokens_reused between 0 and tokens);

grant select on document_chunks to sluice_embed;
