-- What its client calls an upload: a repeated POST with the key of an earlier one opens no job of its own.
alter table upload_jobs
    add column idempotency_key text,
    add constraint upload_jobs_idempotency_key check (idempotency_key ~ '^[!-~]{1,100}$');
create unique index upload_jobs_by_idempotency_key on upload_jobs (document_id, idempotency_key)
    where idempotency_key is not null;
