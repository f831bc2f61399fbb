-- Nearest passages among many rows.

do $$
begin
    if (select string_to_array(extversion, '.')::integer[] < array[0, 8] from pg_extension where extname = 'vector') then
        raise exception 'pgvector 0.8 or newer is needed; run ALTER EXTENSION vector UPDATE, or install a newer one';
    end if;
    -- Whoever is no superuser may set its parameters only where its library is loaded.
    perform '[1]'::vector;
end $$;

-- A tenant's rows are scanned exactly. Where they are so many that this takes too long, ./sluice index gives the tenant
-- an approximate index over the rows promoted before a moment; what is promoted later is scanned exactly until the
-- index is built anew. So no insert waits for an index.
create table search_indexes (
    user_id         uuid        primary key,
    index_name      text        not null,
    promoted_before timestamptz not null,
    passages        bigint      not null,
    built_at        timestamptz not null default clock_timestamp(),
    constraint search_indexes_name check (index_name ~ '^near_[0-9a-f]{32}_[0-9]+$')
);
alter table search_indexes enable row level security;
alter table search_indexes force row level security;
create policy tenant on search_indexes using (user_id = app_user_id());

create index document_chunks_by_promotion on document_chunks (user_id, promoted_at);

-- What search_chunks did until now: recall is 1, and the time grows with the tenant's rows.
create function search_exactly(p_user_id uuid, p_query vector, p_embed_model text, p_embed_version text,
                               p_document_id uuid, p_limit integer)
    returns table (chunk_id uuid, document_id uuid, filename text, chunk_ord integer, text text, meta jsonb,
                   score double precision)
    language sql stable set search_path = public, pg_temp
    as $$
        select c.chunk_id, c.document_id, d.filename, c.chunk_ord, c.text, c.meta, 1 - (c.vector <=> p_query) as score
        from document_chunks c
        join documents d on d.document_id = c.document_id and d.active_generation = c.generation
        where c.user_id = p_user_id
          and d.user_id = p_user_id
          and d.deleted_at is null
          and c.vector is not null
          and c.embed_model = p_embed_model
          and c.embed_version = p_embed_version
          and (p_document_id is null or c.document_id = p_document_id)
        order by c.vector <=> p_query, c.chunk_id
        limit p_limit
    $$;

-- The index holds vectors of half the precision: four times as many candidates as wanted are put in order exactly.
-- It is followed until so many belong to active generations, or until pgvector gives up (hnsw.max_scan_tuples, memory):
-- then nothing is returned, and the caller scans. The planner sees the index only if the tenant and the moment stand in
-- the statement as the index has them. Sorting the tenant's rows instead is made to look dear.
create function search_by_index(p_user_id uuid, p_promoted_before timestamptz, p_query vector, p_embed_model text,
                                p_embed_version text, p_limit integer)
    returns table (chunk_id uuid, document_id uuid, filename text, chunk_ord integer, text text, meta jsonb,
                   score double precision)
    language plpgsql stable set search_path = public, pg_temp
    set hnsw.iterative_scan = 'relaxed_order' set hnsw.ef_search = 100 set enable_sort = off set jit = off
    as $body$
    begin
        return query execute format(
            $query$
                with indexed as materialized (
                    select c.chunk_id, c.generation, c.vector <=> $1 as distance
                    from document_chunks c
                    where c.user_id = %1$L and c.promoted_at < %2$L and c.vector is not null
                      and c.embed_model = $2 and c.embed_version = $3
                      and c.generation = (select d.active_generation from documents d
                                          where d.document_id = c.document_id and d.deleted_at is null)
                    order by c.vector::halfvec(1536) <=> $1::halfvec(1536)
                    limit 4 * $4),
                later as materialized (
                    select c.chunk_id, c.generation, c.vector <=> $1 as distance
                    from document_chunks c
                    where c.user_id = %1$L and c.promoted_at >= %2$L and c.vector is not null
                      and c.embed_model = $2 and c.embed_version = $3
                      and c.generation = (select d.active_generation from documents d
                                          where d.document_id = c.document_id and d.deleted_at is null)
                    order by distance, c.chunk_id
                    limit $4),
                nearest as materialized (
                    select * from indexed union all select * from later order by distance, chunk_id limit $4)
                select c.chunk_id, c.document_id, d.filename, c.chunk_ord, c.text, c.meta, 1 - n.distance
                from nearest n
                join document_chunks c on c.chunk_id = n.chunk_id and c.generation = n.generation
                join documents d on d.document_id = c.document_id
                where (select count(*) from indexed) = 4 * $4
                order by n.distance, c.chunk_id
            $query$, p_user_id, p_promoted_before)
        using p_query, p_embed_model, p_embed_version, p_limit;
    end $body$;

revoke all on function search_exactly(uuid, vector, text, text, uuid, integer) from public;
revoke all on function search_by_index(uuid, timestamptz, vector, text, text, integer) from public;

create or replace function search_chunks(p_query vector, p_embed_model text, p_embed_version text, p_document_id uuid,
                                         p_limit integer)
    returns table (chunk_id uuid, document_id uuid, filename text, chunk_ord integer, text text, meta jsonb,
                   score double precision)
    language plpgsql stable security definer set search_path = public, pg_temp
    as $$
    declare
        tenant uuid := app_user_id();
        indexed_before timestamptz;
    begin
        if p_document_id is null then
            select promoted_before into indexed_before from search_indexes where user_id = tenant;
        end if;
        if indexed_before is not null then
            return query select * from search_by_index(tenant, indexed_before, p_query, p_embed_model, p_embed_version,
                                                       p_limit);
            if found then
                return;
            end if;
        end if;
        return query select * from search_exactly(tenant, p_query, p_embed_model, p_embed_version, p_document_id,
                                                  p_limit);
    end $$;
