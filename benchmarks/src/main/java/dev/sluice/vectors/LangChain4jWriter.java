package dev.sluice.vectors;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import dev.sluice.bench.BenchDatabase;
import dev.sluice.document.EmbeddingModel;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** LangChain4j's store with pooled sessions, in the table that it makes. */
final class LangChain4jWriter implements Writer {
  private static final String TABLE = "langchain4j";

  private final BenchDatabase database;
  private final PgVectorEmbeddingStore store;
  private final List<String> ids;
  private final List<Embedding> vectors;
  private final List<TextSegment> texts;

  LangChain4jWriter(BenchDatabase database, DataSource sessions, List<Sample> samples) {
    this.database = database;
    store =
        PgVectorEmbeddingStore.datasourceBuilder()
            .datasource(sessions)
            .table(TABLE)
            .dimension(EmbeddingModel.DEFAULT.dimensions())
            .build();
    ids = samples.stream().map(sample -> sample.chunkId().toString()).toList();
    vectors = samples.stream().map(sample -> Embedding.from(sample.vector())).toList();
    texts =
        samples.stream()
            .map(
                sample ->
                    TextSegment.from(
                        sample.embedSha(), Metadata.from(Map.of("sha", sample.vectorSha()))))
            .toList();
  }

  @Override
  public String name() {
    return TABLE;
  }

  @Override
  public Work prepare(int rowsACommit) throws Exception {
    database.run(List.of("truncate " + TABLE));
    return () -> {
      for (int from = 0; from < ids.size(); from += rowsACommit) {
        int to = Math.min(from + rowsACommit, ids.size());
        store.addAll(ids.subList(from, to), vectors.subList(from, to), texts.subList(from, to));
      }
    };
  }
}
