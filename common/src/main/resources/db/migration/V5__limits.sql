-- Limits and money, across all functions: what may be asked of a provider now and by whom next, whether it is to be
-- asked at all, and who may still spend how much. And what follows from an embedding provider that refuses a text, or
-- is away: chunks without a vector, and a search by words.

------------------------------------------------------------------------------------------------------------------
-- One row a provider and model: token bucket and circuit breaker in one.

-- requests_a_minute, tokens_a_minute: as the provider last said in its headers; null until then.
-- largest_request: in tokens, after the provider has refused one as too large.
-- failures: calls in a row that found the provider away. From five on, one call at a time tries it.
alter table rate_buckets
    add column requests_a_minute double precision,
    add column tokens_a_minute   double precision,
    add column largest_request   integer,
    add column failures          integer not null default 0,
    add column pause_reason      text,
    add constraint rate_buckets_limits check (requests_a_minute > 0 and tokens_a_minute > 0 and largest_request > 0),
    add constraint rate_buckets_failures check (failures between 0 and 20),
    add constraint rate_buckets_pause_has_a_reason check (paused_until is null or pause_reason is not null);

-- What each tenant had of a bucket lately (its weight halves about every 20 s), and what it waits for.
create table rate_shares (
    provider    text             not null,
    model       text             not null,
    tenant      uuid             not null,
    used        double precision not null default 0,
    used_at     timestamptz      not null default clock_timestamp(),
    wants       double precision,
    wants_until timestamptz,
    primary key (provider, model, tenant),
    constraint rate_shares_bucket foreign key (provider, model) references rate_buckets (provider, model),
    constraint rate_shares_wants_whole check ((wants is null) = (wants_until is null))
);

-- Takes one request with so many tokens, or says how long to wait and for what: rate_limit, provider_away or another
-- reason for a pause. Six seconds' worth may be taken at once. A tenant that has had less lately goes first.
-- The limits are those of the provider's headers, or p_… until it has said so. Called in a transaction of its own.
create function take_rate(p_provider text, p_model text, p_tenant uuid, p_tokens double precision,
                          p_requests_a_minute double precision, p_tokens_a_minute double precision,
                          out wait_seconds double precision, out wait_reason text)
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    burst_seconds constant double precision := 6;
    memory_seconds constant double precision := 30;
    away_from constant integer := 5;
    bucket rate_buckets;
    now_at timestamptz;
    elapsed double precision;
    requests_a_second double precision;
    tokens_a_second double precision;
    wanted double precision;
    had double precision;
    rival double precision;
begin
    insert into rate_buckets (provider, model, requests, tokens, refilled_at)
    values (p_provider, p_model, 0, 0, clock_timestamp() - interval '1 hour')
    on conflict do nothing;
    select * into strict bucket from rate_buckets where provider = p_provider and model = p_model for update;
    now_at := clock_timestamp();
    if bucket.paused_until > now_at then
        wait_seconds := extract(epoch from bucket.paused_until - now_at);
        wait_reason := bucket.pause_reason;
        return;
    end if;

    requests_a_second := coalesce(bucket.requests_a_minute, p_requests_a_minute) / 60;
    tokens_a_second := coalesce(bucket.tokens_a_minute, p_tokens_a_minute) / 60;
    elapsed := greatest(0, extract(epoch from now_at - bucket.refilled_at));
    bucket.requests := least(greatest(1, requests_a_second * burst_seconds),
                             bucket.requests + elapsed * requests_a_second);
    bucket.tokens := least(tokens_a_second * burst_seconds, bucket.tokens + elapsed * tokens_a_second);
    -- What is larger than the bucket waits until it is full, and leaves it in debt.
    wanted := least(p_tokens, tokens_a_second * burst_seconds);

    insert into rate_shares (provider, model, tenant) values (p_provider, p_model, p_tenant) on conflict do nothing;
    select used * exp(-least(500, extract(epoch from now_at - used_at) / memory_seconds)) into strict had
    from rate_shares where provider = p_provider and model = p_model and tenant = p_tenant;
    select wants into rival
    from rate_shares
    where provider = p_provider and model = p_model and tenant <> p_tenant and wants_until > now_at
      and used * exp(-least(500, extract(epoch from now_at - used_at) / memory_seconds)) < had
    order by used * exp(-least(500, extract(epoch from now_at - used_at) / memory_seconds))
    limit 1;

    wait_seconds := greatest(
        0,
        (case when rival is null then 1 else 2 end - bucket.requests) / requests_a_second,
        (wanted + coalesce(rival, 0) - bucket.tokens) / tokens_a_second);
    if wait_seconds > 0 then
        wait_reason := 'rate_limit';
        update rate_shares
        set wants = wanted, wants_until = now_at + make_interval(secs => least(wait_seconds, 2) + 1)
        where provider = p_provider and model = p_model and tenant = p_tenant;
        return;
    end if;
    update rate_shares
    set used = had + p_tokens, used_at = now_at, wants = null, wants_until = null
    where provider = p_provider and model = p_model and tenant = p_tenant;
    update rate_buckets
    set requests = bucket.requests - 1, tokens = bucket.tokens - p_tokens, refilled_at = now_at,
        -- The others wait for what this one brings, or for as long as it can take.
        paused_until = case when failures >= away_from then now_at + interval '45 seconds' end,
        pause_reason = case when failures >= away_from then pause_reason end
    where provider = p_provider and model = p_model;
end $$;

-- Tells what a call brought: 'answered', 'throttled', 'away' or 'blocked' (key or account); null where the provider's
-- headers said nothing. A limit's pause is the provider's; an outage's doubles from 5 s to 5 minutes.
create function report_rate(p_provider text, p_model text, p_outcome text, p_reason text,
                            p_pause_seconds double precision,
                            p_requests_a_minute double precision, p_tokens_a_minute double precision,
                            p_requests_left double precision, p_tokens_left double precision)
    returns void language sql security definer set search_path = public, pg_temp
    as $$
        update rate_buckets
        set requests_a_minute = coalesce(p_requests_a_minute, requests_a_minute),
            tokens_a_minute = coalesce(p_tokens_a_minute, tokens_a_minute),
            requests = least(requests, coalesce(p_requests_left, requests)),
            tokens = least(tokens, coalesce(p_tokens_left, tokens)),
            failures = case p_outcome
                when 'answered' then 0
                when 'throttled' then 0
                when 'away' then least(failures + 1, 20)
                else least(greatest(failures + 1, 5), 20) end,
            paused_until = case
                when p_outcome = 'answered'
                    then case when pause_reason = 'rate_limit' then paused_until end
                when p_outcome = 'throttled'
                    then greatest(case when pause_reason = 'rate_limit' then paused_until end,
                                  clock_timestamp() + make_interval(secs => p_pause_seconds))
                when p_outcome = 'blocked' or failures + 1 >= 5
                    then clock_timestamp()
                        + make_interval(secs => least(300, 5 * 2 ^ greatest(0, least(failures, 20) - 4)))
                else paused_until end,
            pause_reason = case
                when p_outcome = 'answered' then case when pause_reason = 'rate_limit' then pause_reason end
                when p_outcome = 'away' and failures + 1 < 5 then pause_reason
                else p_reason end
        where provider = p_provider and model = p_model
    $$;

-- The provider has taken a request of so many tokens for too large.
create function report_too_large(p_provider text, p_model text, p_tokens integer)
    returns void language sql security definer set search_path = public, pg_temp
    as $$
        update rate_buckets
        set largest_request = greatest(8191, least(coalesce(largest_request, p_tokens), p_tokens / 2))
        where provider = p_provider and model = p_model
    $$;

revoke all on function take_rate(text, text, uuid, double precision, double precision, double precision) from public;
revoke all on function report_rate(text, text, text, text, double precision, double precision, double precision,
    double precision, double precision) from public;
revoke all on function report_too_large(text, text, integer) from public;
grant execute on function take_rate(text, text, uuid, double precision, double precision, double precision)
    to sluice_api, sluice_parse, sluice_embed;
grant execute on function report_rate(text, text, text, text, double precision, double precision, double precision,
    double precision, double precision) to sluice_api, sluice_parse, sluice_embed;
grant execute on function report_too_large(text, text, integer) to sluice_embed;
revoke insert, update on rate_buckets from sluice_api, sluice_parse, sluice_embed, sluice_sweep;
grant select on rate_buckets to sluice_chunk;

------------------------------------------------------------------------------------------------------------------
-- Money. The ledger keeps the accounts of each document, tenant and day (UTC): a call that is written down is
-- reserved at its estimate, and spent at its price when it is settled.

-- limit_nanousd: this account's own limit; null for the scope's.
alter table budgets alter column limit_nanousd drop not null;

-- limit_nanousd: null for no limit.
create table spending (
    only_row       boolean primary key default true,
    paused         boolean not null default false,
    document_limit bigint,
    tenant_limit   bigint,
    day_limit      bigint,
    updated_at     timestamptz not null default clock_timestamp(),
    constraint spending_only_row check (only_row),
    constraint spending_limits check (document_limit >= 0 and tenant_limit >= 0 and day_limit >= 0)
);
insert into spending default values;

create function account_of(p_call provider_calls, p_scope text) returns text language sql stable as $$
    select case p_scope
        when 'document' then (select document_id::text from upload_jobs where job_id = p_call.job_id)
        when 'tenant' then p_call.user_id::text
        else to_char(p_call.started_at at time zone 'UTC', 'YYYY-MM-DD') end
$$;

-- Raises SL001 with the scope whose limit the call would exceed, or with 'paused'. Accounts are locked in one order.
create function reserve_call() returns trigger language plpgsql as $$
declare
    limits spending;
    account text;
    one_scope text;
begin
    select * into strict limits from spending;
    if limits.paused then
        raise exception 'paused' using errcode = 'SL001';
    end if;
    foreach one_scope in array array['document', 'tenant', 'day'] loop
        account := account_of(new, one_scope);
        continue when account is null;
        insert into budgets (user_id, scope, scope_id) values (new.user_id, one_scope, account) on conflict do nothing;
        update budgets
        set reserved_nanousd = reserved_nanousd + new.cost_nanousd
        where user_id = new.user_id and scope = one_scope and scope_id = account
          and coalesce(
                reserved_nanousd + spent_nanousd + new.cost_nanousd <= coalesce(limit_nanousd, case one_scope
                    when 'document' then limits.document_limit
                    when 'tenant' then limits.tenant_limit
                    else limits.day_limit end),
                true);
        if not found then
            raise exception '%', one_scope using errcode = 'SL001';
        end if;
    end loop;
    return new;
end $$;
create trigger provider_calls_reserve before insert on provider_calls
    for each row execute function reserve_call();

create function book_call() returns trigger language plpgsql as $$
declare
    account text;
    one_scope text;
begin
    foreach one_scope in array array['document', 'tenant', 'day'] loop
        account := account_of(new, one_scope);
        update budgets
        set reserved_nanousd = greatest(
                0, reserved_nanousd - case when old.state = 'started' then old.cost_nanousd else 0 end),
            spent_nanousd = greatest(
                0,
                spent_nanousd + new.cost_nanousd - case when old.state = 'started' then 0 else old.cost_nanousd end)
        where user_id = new.user_id and scope = one_scope and scope_id = account;
    end loop;
    return new;
end $$;
create trigger provider_calls_book after update of state, cost_nanousd on provider_calls
    for each row when (new.state <> 'started') execute function book_call();

-- What was spent before there were accounts.
insert into budgets (user_id, scope, scope_id, reserved_nanousd, spent_nanousd)
select c.user_id, s.scope, account_of(c, s.scope),
       coalesce(sum(c.cost_nanousd) filter (where c.state = 'started'), 0),
       coalesce(sum(c.cost_nanousd) filter (where c.state <> 'started'), 0)
from provider_calls c
cross join (values ('document'), ('tenant'), ('day')) as s (scope)
where account_of(c, s.scope) is not null
group by c.user_id, s.scope, account_of(c, s.scope)
on conflict do nothing;

grant select on spending to sluice_api, sluice_parse, sluice_embed, sluice_sweep;
grant insert on budgets to sluice_api, sluice_parse, sluice_embed;

------------------------------------------------------------------------------------------------------------------
-- Embedding: batches that wait for something named, that were split, and texts that the provider refuses alone

alter table embedding_batches
    add column wait_reason text,
    add constraint embedding_batches_wait_has_a_reason check (wait_until is not null or wait_reason is null);

-- The provider's code for why there is no vector.
alter table document_chunk_buffer add column unembeddable text;
alter table document_chunks
    alter column vector drop not null,
    alter column vector_sha drop not null,
    add column unembeddable text,
    add constraint document_chunks_vector_or_reason check (
        (vector is null) = (vector_sha is null) and (vector is null) = (unembeddable is not null)),
    add column words tsvector generated always as (to_tsvector('simple', text)) stored;
create index document_chunks_words on document_chunks using gin (words);

grant insert on embedding_batches to sluice_embed;
grant update (wait_reason) on embedding_batches to sluice_api, sluice_finalize;
grant update (batch_id, unembeddable) on document_chunk_buffer to sluice_embed;

create or replace function search_chunks(p_query vector, p_embed_model text, p_embed_version text, p_document_id uuid,
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
          and c.vector is not null
          and c.embed_model = p_embed_model
          and c.embed_version = p_embed_version
          and (p_document_id is null or c.document_id = p_document_id)
        order by c.vector <=> p_query, c.chunk_id
        limit p_limit
    $$;

-- As search_chunks, by words: any of them, the better the more and the closer together; the score is below 1. For
-- when there is no vector to be had for the question.
create function search_words(p_query text, p_document_id uuid, p_limit integer)
    returns table (chunk_id uuid, document_id uuid, filename text, chunk_ord integer, text text, meta jsonb,
                   score double precision)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select c.chunk_id, c.document_id, d.filename, c.chunk_ord, c.text, c.meta,
               ts_rank_cd(c.words, q.query, 32)::double precision as score
        from (select replace(plainto_tsquery('simple', p_query)::text, ' & ', ' | ')::tsquery as query) q
        join document_chunks c on c.words @@ q.query
        join documents d on d.document_id = c.document_id and d.active_generation = c.generation
        where c.user_id = app_user_id()
          and d.user_id = app_user_id()
          and d.deleted_at is null
          and (p_document_id is null or c.document_id = p_document_id)
        order by score desc, c.chunk_id
        limit p_limit
    $$;
revoke all on function search_words(text, uuid, integer) from public;
grant execute on function search_words(text, uuid, integer) to sluice_api;
