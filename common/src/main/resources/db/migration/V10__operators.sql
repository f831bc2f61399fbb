-- Who runs the pipeline looks at all tenants: as this role, and only where saying so. The owner of the tables, which is
-- no superuser in a cloud, is held by row-level security like everybody else.

do $$
declare
    table_name text;
begin
    perform pg_advisory_xact_lock(hashtext('sluice roles'));
    if not exists (select from pg_roles where rolname = 'sluice_operator') then
        create role sluice_operator nologin;
    end if;
    -- Who makes a role is its member from PostgreSQL 16 on, but may not act as it.
    if not pg_has_role(current_user, 'sluice_operator',
                       case when current_setting('server_version_num')::integer < 160000 then 'member' else 'set' end) then
        execute format('grant sluice_operator to %I', current_user);
    end if;
    foreach table_name in array array['documents', 'document_chunks', 'budgets', 'upload_jobs', 'embedding_batches',
        'search_indexes'] loop
        -- A member that has not said so is still itself.
        execute format('create policy operator on %I to sluice_operator using (current_user = ''sluice_operator'')',
                       table_name);
    end loop;
end $$;

grant select on documents, document_chunks, budgets to sluice_operator;
grant select, update (wait_until) on upload_jobs, embedding_batches to sluice_operator;
grant select, update on spending to sluice_operator;
grant select, insert, update, delete on search_indexes to sluice_operator;
