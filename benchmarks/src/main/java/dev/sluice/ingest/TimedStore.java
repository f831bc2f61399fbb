package dev.sluice.ingest;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose writes are timed and counted; the ingestor calls nothing else of it. */
record TimedStore(EmbeddingStore<TextSegment> store, Stopwatch watch, AtomicInteger segments)
    implements EmbeddingStore<TextSegment> {
  @Override
  public List<String> addAll(List<Embedding> vectors, List<TextSegment> texts) {
    segments.addAndGet(texts.size());
    return watch.time(() -> store.addAll(vectors, texts));
  }

  @Override
  public String add(Embedding vector) {
    return store.add(vector);
  }

  @Override
  public void add(String id, Embedding vector) {
    store.add(id, vector);
  }

  @Override
  public String add(Embedding vector, TextSegment text) {
    return store.add(vector, text);
  }

  @Override
  public List<String> addAll(List<Embedding> vectors) {
    return store.addAll(vectors);
  }

  @Override
  public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
    return store.search(request);
  }
}
