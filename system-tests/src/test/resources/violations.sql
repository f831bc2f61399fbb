-- Each constraint of the schema, and a statement over valid-rows.sql that breaks it and no other.

-- violates budgets_amounts
update budgets set spent_nanousd = -1;
-- violates budgets_pkey
insert into budgets select * from budgets;
-- violates budgets_scope
update budgets set scope = 'week';
-- violates document_chunk_buffer_batch
update document_chunk_buffer set batch_id = 'e0000000-0000-5000-8000-000000000009';
-- violates document_chunk_buffer_fits_the_model
update document_chunk_buffer set tokens = 8193;
-- violates document_chunk_buffer_job
update document_chunk_buffer set document_id = 'd0000000-0000-5000-8000-000000000009';
-- violates document_chunk_buffer_not_empty
update document_chunk_buffer set text = '';
-- violates document_chunk_buffer_ord
update document_chunk_buffer set chunk_ord = -1;
-- violates document_chunk_buffer_order
insert into document_chunk_buffer (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord, chunk_sha, embed_sha, text, tokens) select gen_random_uuid(), generation, user_id, document_id, chunker_name, chunker_version, chunk_ord, chunk_sha, embed_sha, text, tokens from document_chunk_buffer;
-- violates document_chunk_buffer_pkey
insert into document_chunk_buffer (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord, chunk_sha, embed_sha, text, tokens) select chunk_id, generation, user_id, document_id, chunker_name, chunker_version, 1, chunk_sha, embed_sha, text, tokens from document_chunk_buffer;
-- violates document_chunk_buffer_sha
update document_chunk_buffer set chunk_sha = upper(chunk_sha);
-- violates document_chunks_document
update document_chunks set user_id = 'a0000000-0000-4000-8000-000000000009';
-- violates document_chunks_order
insert into document_chunks (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord, chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha) select gen_random_uuid(), generation, user_id, document_id, chunker_name, chunker_version, chunk_ord, chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha from document_chunks;
-- violates document_chunks_pkey
insert into document_chunks (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord, chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha) select chunk_id, generation, user_id, document_id, chunker_name, chunker_version, 1, chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha from document_chunks;
-- violates document_chunks_vector_or_reason
update document_chunks set unembeddable = 'x';
-- violates document_vector_buffer_once
insert into document_vector_buffer select * from document_vector_buffer;
-- violates document_vector_buffer_same_text
update document_chunk_buffer set embed_sha = repeat('f', 64);
-- violates document_vector_buffer_sha
update document_vector_buffer set vector_sha = 'short';
-- violates documents_active_has_arrived
update documents set active_generation = 2;
-- violates documents_active_is_not_deleted
update documents set active_generation = 1, deleted_generation = 1;
-- violates documents_deletion_was_allotted
update documents set deleted_generation = 2;
-- violates documents_filename_length
update documents set filename = '';
-- violates documents_generation_allotted
update documents set current_generation = 2;
-- violates documents_pkey
insert into documents (document_id, user_id, filename, mime_type) select document_id, gen_random_uuid(), filename, mime_type from documents;
-- violates embedding_batches_bounds
update embedding_batches set texts = 0;
-- violates embedding_batches_done_when
update embedding_batches set state = 'done';
-- violates embedding_batches_job
update embedding_batches set job_id = gen_random_uuid();
-- violates embedding_batches_lease_whole
update embedding_batches set lease_token = gen_random_uuid();
-- violates embedding_batches_number
insert into embedding_batches (batch_id, user_id, job_id, document_id, generation, batch_no, texts, tokens) select gen_random_uuid(), user_id, job_id, document_id, generation, batch_no, texts, tokens from embedding_batches;
-- violates embedding_batches_pkey
insert into embedding_batches (batch_id, user_id, job_id, document_id, generation, batch_no, texts, tokens) select batch_id, user_id, job_id, document_id, generation, 1, texts, tokens from embedding_batches;
-- violates embedding_batches_reuse
update embedding_batches set tokens_reused = 4;
-- violates embedding_batches_state
update embedding_batches set state = 'lost', done_at = clock_timestamp();
-- violates embedding_batches_wait_has_a_reason
update embedding_batches set wait_reason = 'x';
-- violates job_events_job
update job_events set job_id = gen_random_uuid();
-- violates job_events_kind
update job_events set kind = 'rumour';
-- violates job_events_pkey
insert into job_events overriding system value select * from job_events;
-- violates job_events_transition_is_legal
update upload_jobs set received_at = clock_timestamp(), parsed_path = 'p', parsed_sha256 = repeat('b', 64), chunks_version = '1', progress = '{"chunks_total": 1}', status = 'complete';
-- violates job_events_transition_names_both
update job_events set kind = 'transition';
-- violates legal_transitions_pkey
insert into legal_transitions values ('uploaded', 'parsed');
-- violates object_deletions_attempts
update object_deletions set attempts = -1;
-- violates object_deletions_key
update object_deletions set user_id = 'a0000000-0000-4000-8000-000000000009';
-- violates object_deletions_pkey
insert into object_deletions select * from object_deletions;
-- violates parsed_objects_not_empty
update parsed_objects set bytes = 0;
-- violates parsed_objects_pkey
insert into parsed_objects select * from parsed_objects;
-- violates parsed_objects_sha
update parsed_objects set parsed_sha256 = 'short';
-- violates provider_calls_amounts
update provider_calls set tokens = -1;
-- violates provider_calls_job
update provider_calls set job_id = gen_random_uuid();
-- violates provider_calls_pkey
insert into provider_calls select * from provider_calls;
-- violates provider_calls_settled_how
update provider_calls set state = 'settled', settled_at = clock_timestamp();
-- violates provider_calls_settled_when
update provider_calls set state = 'settled', outcome = 'ok';
-- violates provider_calls_state
update provider_calls set state = 'lost', outcome = 'ok', settled_at = clock_timestamp();
-- violates rate_buckets_failures
update rate_buckets set failures = 21;
-- violates rate_buckets_limits
update rate_buckets set tokens_a_minute = 0;
-- violates rate_buckets_pause_has_a_reason
update rate_buckets set paused_until = clock_timestamp();
-- violates rate_buckets_pkey
insert into rate_buckets select * from rate_buckets;
-- violates rate_shares_bucket
update rate_shares set model = 'other';
-- violates rate_shares_pkey
insert into rate_shares select * from rate_shares;
-- violates rate_shares_wants_whole
update rate_shares set wants = 1;
-- violates search_indexes_name
insert into search_indexes (user_id, index_name, promoted_before, passages) values ('a0000000-0000-4000-8000-000000000001', 'near', clock_timestamp(), 1);
-- violates search_indexes_pkey
insert into search_indexes (user_id, index_name, promoted_before, passages) select 'a0000000-0000-4000-8000-000000000001', 'near_' || repeat('0', 32) || '_1', clock_timestamp(), 1 from generate_series(1, 2);
-- violates spending_limits
update spending set day_limit = -1;
-- violates spending_only_row
update spending set only_row = false;
-- violates spending_pkey
insert into spending default values;
-- violates upload_jobs_buffers_are_counted_first
update upload_jobs set buffers_purged_at = clock_timestamp();
-- violates upload_jobs_bytes_arrived
update upload_jobs set status = 'parse_queued';
-- violates upload_jobs_chunks_are_counted
insert into upload_jobs (job_id, user_id, document_id, generation, status, received_at, raw_path, raw_sha256, raw_bytes, parsed_path, parsed_sha256, webhook_secret, correlation_id) select gen_random_uuid(), user_id, document_id, 2, 'chunks_stored', clock_timestamp(), raw_path, raw_sha256, raw_bytes, 'p', repeat('b', 64), webhook_secret, correlation_id from upload_jobs;
-- violates upload_jobs_counters
update upload_jobs set attempts = -1;
-- violates upload_jobs_document
insert into upload_jobs (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id) select gen_random_uuid(), user_id, gen_random_uuid(), 1, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id from upload_jobs;
-- violates upload_jobs_failure_has_a_reason
update upload_jobs set status = 'failed_parse';
-- violates upload_jobs_generation
insert into upload_jobs (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id) select gen_random_uuid(), user_id, document_id, generation, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id from upload_jobs;
-- violates upload_jobs_generation_positive
insert into upload_jobs (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id) select gen_random_uuid(), user_id, document_id, 0, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id from upload_jobs;
-- violates upload_jobs_has_text
update upload_jobs set received_at = clock_timestamp(), status = 'parsed';
-- violates upload_jobs_idempotency_key
update upload_jobs set idempotency_key = 'with a space';
-- violates upload_jobs_lease_whole
update upload_jobs set leased_until = clock_timestamp();
-- violates upload_jobs_only_complete_can_be_incomplete
update upload_jobs set checked_at = clock_timestamp(), incomplete_since = clock_timestamp();
-- violates upload_jobs_only_complete_is_rolled_back
update upload_jobs set rolled_back_at = clock_timestamp();
-- violates upload_jobs_only_what_ended_is_purged
update upload_jobs set purged_at = clock_timestamp();
-- violates upload_jobs_pkey
insert into upload_jobs (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id) select job_id, user_id, document_id, 2, raw_path, raw_sha256, raw_bytes, webhook_secret, correlation_id from upload_jobs;
-- violates upload_jobs_purged_is_without_text
update upload_jobs set status = 'cancelled', parsed_path = 'p', purged_at = clock_timestamp();
-- violates upload_jobs_raw_bytes
update upload_jobs set raw_bytes = -1;
-- violates upload_jobs_raw_sha
update upload_jobs set raw_sha256 = upper(raw_sha256);
-- violates upload_jobs_secret_is_not_here
update upload_jobs set webhook_secret = '{"kid": "k1"}';
-- violates upload_jobs_status
insert into upload_jobs (job_id, user_id, document_id, generation, status, received_at, raw_path, raw_sha256, raw_bytes, parsed_path, parsed_sha256, chunks_version, progress, webhook_secret, correlation_id) select gen_random_uuid(), user_id, document_id, 2, 'lost', clock_timestamp(), raw_path, raw_sha256, raw_bytes, 'p', repeat('b', 64), '1', '{"chunks_total": 1}', webhook_secret, correlation_id from upload_jobs;
-- violates upload_jobs_text
update upload_jobs set parsed_sha256 = repeat('f', 64);
-- violates upload_jobs_text_is_known
insert into upload_jobs (job_id, user_id, document_id, generation, status, received_at, raw_path, raw_sha256, raw_bytes, parsed_path, webhook_secret, correlation_id) select gen_random_uuid(), user_id, document_id, 2, 'parse_validated', clock_timestamp(), raw_path, raw_sha256, raw_bytes, 'p', webhook_secret, correlation_id from upload_jobs;
-- violates upload_jobs_wait_whole
update upload_jobs set wait_until = clock_timestamp();
-- violates webhook_log_job
update webhook_log set user_id = 'a0000000-0000-4000-8000-000000000009';
-- violates webhook_log_nonce_length
update webhook_log set nonce = '';
-- violates webhook_log_once
insert into webhook_log select * from webhook_log;
