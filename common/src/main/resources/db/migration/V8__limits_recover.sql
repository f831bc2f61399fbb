-- What holds calls back must let go again: a probe of the breaker that was not made, a request that was once refused
-- as too large, and an outage's pause, which must not outlast the outage by much.

-- largest_request_at: when the provider last refused a request as too large; a day later that is forgotten.
alter table rate_buckets add column largest_request_at timestamptz;

-- As before, but: a pause doubles from 5 s to 20 s only; 'silent' (the call may have been paid) counts twice, so that
-- the third silence in a row opens the breaker and not the fifth.
create or replace function report_rate(p_provider text, p_model text, p_outcome text, p_reason text,
                                       p_pause_seconds double precision,
                                       p_requests_a_minute double precision, p_tokens_a_minute double precision,
                                       p_requests_left double precision, p_tokens_left double precision)
    returns void language sql security definer set search_path = public, pg_temp
    as $$
        with news as (
            select case p_outcome when 'away' then 1 when 'silent' then 2 else 5 end as weight)
        update rate_buckets
        set requests_a_minute = coalesce(p_requests_a_minute, requests_a_minute),
            tokens_a_minute = coalesce(p_tokens_a_minute, tokens_a_minute),
            requests = least(requests, coalesce(p_requests_left, requests)),
            tokens = least(tokens, coalesce(p_tokens_left, tokens)),
            failures = case
                when p_outcome in ('answered', 'throttled') then 0
                when p_outcome = 'blocked' then least(greatest(failures + 1, 5), 20)
                else least(failures + news.weight, 20) end,
            paused_until = case
                when p_outcome = 'answered'
                    then case when pause_reason = 'rate_limit' then paused_until end
                when p_outcome = 'throttled'
                    then greatest(case when pause_reason = 'rate_limit' then paused_until end,
                                  clock_timestamp() + make_interval(secs => p_pause_seconds))
                when failures + news.weight >= 5
                    then clock_timestamp() + make_interval(secs => least(20, 5 * 2 ^ greatest(0, failures - 4)))
                else paused_until end,
            pause_reason = case
                when p_outcome = 'answered' then case when pause_reason = 'rate_limit' then pause_reason end
                when p_outcome in ('away', 'silent') and failures + news.weight < 5 then pause_reason
                else p_reason end,
            largest_request = case
                when largest_request_at > clock_timestamp() - interval '1 day' then largest_request end
        from news
        where provider = p_provider and model = p_model
    $$;

create or replace function report_too_large(p_provider text, p_model text, p_tokens integer)
    returns void language sql security definer set search_path = public, pg_temp
    as $$
        update rate_buckets
        set largest_request = greatest(8191, least(coalesce(largest_request, p_tokens), p_tokens / 2)),
            largest_request_at = clock_timestamp()
        where provider = p_provider and model = p_model
    $$;

-- What take_rate gave, and no call followed. If it was the one that was to try a provider that is away, another may:
-- nothing else pauses a provider that is away for so long.
create function give_back_rate(p_provider text, p_model text, p_tenant uuid, p_tokens double precision)
    returns void language sql security definer set search_path = public, pg_temp
    as $$
        update rate_buckets
        set requests = requests + 1, tokens = tokens + p_tokens,
            paused_until = case
                when failures >= 5 and pause_reason <> 'rate_limit'
                     and paused_until > clock_timestamp() + interval '25 seconds'
                    then clock_timestamp()
                else paused_until end
        where provider = p_provider and model = p_model;
        update rate_shares
        set used = greatest(0, used - p_tokens)
        where provider = p_provider and model = p_model and tenant = p_tenant;
    $$;
revoke all on function give_back_rate(text, text, uuid, double precision) from public;
grant execute on function give_back_rate(text, text, uuid, double precision) to sluice_api, sluice_parse, sluice_embed;

-- What reserve_call would say now ('paused', or the scope whose limit the call would exceed); null if nothing. For a
-- look before a provider's limit is used: the trigger is who decides.
create function not_affordable(p_user_id uuid, p_job_id uuid, p_cost_nanousd bigint) returns text language sql as $$
    select case when s.paused then 'paused' else (
        select a.scope
        from (values
                (1, 'document', (select document_id::text from upload_jobs where job_id = p_job_id), s.document_limit),
                (2, 'tenant', p_user_id::text, s.tenant_limit),
                (3, 'day', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD'), s.day_limit)
            ) as a (place, scope, account, scopes_limit)
        left join budgets b on b.user_id = p_user_id and b.scope = a.scope and b.scope_id = a.account
        where a.account is not null
          and coalesce(b.reserved_nanousd, 0) + coalesce(b.spent_nanousd, 0) + p_cost_nanousd
              > coalesce(b.limit_nanousd, a.scopes_limit)
        order by a.place
        limit 1) end
    from spending s
$$;

-- A retry of a document whose every text was refused asks the provider again.
grant update (state, done_at) on embedding_batches to sluice_api, sluice_finalize;
grant select, update (unembeddable) on document_chunk_buffer to sluice_api, sluice_finalize;
