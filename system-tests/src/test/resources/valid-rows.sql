-- One tenant's document, complete in every table, from which each violation departs by one value.
insert into documents (document_id, user_id, filename, mime_type, next_generation, current_generation)
values ('d0000000-0000-5000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001', 'policy.pdf',
        'application/pdf', 2, 1);

insert into upload_jobs (job_id, user_id, document_id, generation, raw_path, raw_sha256, raw_bytes, webhook_secret,
                         correlation_id)
values ('b0000000-0000-5000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001',
        'd0000000-0000-5000-8000-000000000001', 1, 'storage://raw', repeat('a', 64), 10,
        '{"kid": "k1", "salt": "s"}', 'correlation');

insert into parsed_objects (user_id, parsed_sha256, path, bytes)
values ('a0000000-0000-4000-8000-000000000001', repeat('b', 64), 'storage://parsed', 10);

insert into embedding_batches (batch_id, user_id, job_id, document_id, generation, batch_no, texts, tokens)
values ('e0000000-0000-5000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001',
        'b0000000-0000-5000-8000-000000000001', 'd0000000-0000-5000-8000-000000000001', 1, 0, 1, 3);

insert into document_chunk_buffer (chunk_id, generation, user_id, document_id, chunker_name, chunker_version,
                                   chunk_ord, chunk_sha, embed_sha, text, tokens, batch_id)
values ('c0000000-0000-5000-8000-000000000001', 1, 'a0000000-0000-4000-8000-000000000001',
        'd0000000-0000-5000-8000-000000000001', 'markdown-simple', '1', 0, repeat('c', 64), repeat('d', 64),
        'some text', 3, 'e0000000-0000-5000-8000-000000000001');

insert into document_vector_buffer (chunk_id, generation, user_id, document_id, embed_sha, embed_model,
                                    embed_version, vector, vector_sha, batch_id)
values ('c0000000-0000-5000-8000-000000000001', 1, 'a0000000-0000-4000-8000-000000000001',
        'd0000000-0000-5000-8000-000000000001', repeat('d', 64), 'model', '1', array_fill(0.1::real, array [1536])::vector,
        repeat('e', 64), 'e0000000-0000-5000-8000-000000000001');

insert into document_chunks (chunk_id, generation, user_id, document_id, chunker_name, chunker_version, chunk_ord,
                             chunk_sha, embed_sha, embed_model, embed_version, text, vector, vector_sha)
values ('c0000000-0000-5000-8000-000000000001', 1, 'a0000000-0000-4000-8000-000000000001',
        'd0000000-0000-5000-8000-000000000001', 'markdown-simple', '1', 0, repeat('c', 64), repeat('d', 64), 'model',
        '1', 'some text', array_fill(0.1::real, array [1536])::vector, repeat('e', 64));

insert into webhook_log (job_id, nonce, user_id, event_type, outcome, source)
values ('b0000000-0000-5000-8000-000000000001', 'nonce', 'a0000000-0000-4000-8000-000000000001', 'parse.success',
        'accepted', '127.0.0.1');

insert into provider_calls (call_id, user_id, job_id, provider, operation, model, cost_nanousd)
values ('f0000000-0000-5000-8000-000000000001', 'a0000000-0000-4000-8000-000000000001',
        'b0000000-0000-5000-8000-000000000001', 'openai', 'embeddings', 'model', 60);

insert into rate_buckets (provider, model, requests, tokens)
values ('openai', 'model', 1, 1);

insert into rate_shares (provider, model, tenant)
values ('openai', 'model', 'a0000000-0000-4000-8000-000000000001');

insert into budgets (user_id, scope, scope_id, limit_nanousd)
values ('a0000000-0000-4000-8000-000000000001', 'tenant', '', 1);

insert into object_deletions (object_key, user_id)
values ('raw/a0000000-0000-4000-8000-000000000001/d0000000-0000-5000-8000-000000000001/1.pdf',
        'a0000000-0000-4000-8000-000000000001');
