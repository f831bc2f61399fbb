-- Runs once, when the volume is empty. The database, its tables and its roles are not made here: `sluice migrate`
-- makes them. This only stops an image without the extension at the start rather than at the first migration.
do $$
begin
    if not exists (select from pg_available_extensions where name = 'vector') then
        raise exception 'this image has no vector extension';
    end if;
end $$;
