package dev.sluice.vectors;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * Gives vectors that are there already, and spares the store the counting of tokens.
 *
 * @param vectors by the document's id
 */
record PreparedModel(Map<String, float[]> vectors) implements EmbeddingModel {
  @Override
  public List<float[]> embed(
      List<Document> documents, @Nullable EmbeddingOptions options, BatchingStrategy strategy) {
    return documents.stream().map(this::embed).toList();
  }

  @Override
  public float[] embed(Document document) {
    return Objects.requireNonNull(vectors.get(document.getId()));
  }

  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    throw new UnsupportedOperationException("the store asks by document");
  }
}
