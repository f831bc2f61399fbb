package dev.sluice.document;

/**
 * The model whose vectors Sluice stores and searches.
 *
 * @param name as the provider calls it
 * @param version ours: raised when the same name begins to give other vectors
 * @param dimensions of a vector
 */
public record EmbeddingModel(String name, String version, int dimensions) {
  public static final EmbeddingModel DEFAULT =
      new EmbeddingModel("text-embedding-3-small", "1", 1536);
}
