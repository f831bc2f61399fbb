package dev.sluice.ingest;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;

/** A model whose calls are timed. */
record TimedModel(EmbeddingModel model, Stopwatch watch) implements EmbeddingModel {
  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> texts) {
    return watch.time(() -> model.embedAll(texts));
  }
}
